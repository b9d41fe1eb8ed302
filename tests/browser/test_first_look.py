"""The live page in windows of several sizes, light and dark, over the sample pages alone."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Pipeline, look

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("name", "width", "height", "dark"),
    [
        ("live-light.png", 1440, 900, False),
        ("live-dark.png", 1440, 900, True),
        ("live-phone.png", 390, 844, False),
        ("live-phone-dark.png", 390, 844, True),
    ],
)
async def test_it_fits_its_window_and_its_light(
    browser: Browser, pipeline: Pipeline, name: str, width: int, height: int, *, dark: bool
) -> None:
    view = await look(browser, pipeline, width=width, height=height, dark=dark)
    await view.open()
    await view.page.locator(".row").first.click()
    await expect(view.page.locator("#detail .evidence")).to_be_visible()
    wide: int = await view.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    ground: str = await view.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground[4:-1].split(","))) < 3 * 128) is dark
    await view.screenshot(name)
    assert view.complaints == []
    await view.page.context.close()
