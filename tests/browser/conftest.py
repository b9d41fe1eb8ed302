"""A running pipeline with its live page, and a real browser to look at it with."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.integration.commands import Command, starting
from tests.integration.harness import PATIENCE

_LIVE = re.compile(r"^live +(http://\S+)/$", re.MULTILINE)
_BROKER = re.compile(r"^broker +(\S+)$", re.MULTILINE)


@dataclass
class Pipeline:
    """A ``dateline up`` that has processed the sample pages."""

    command: Command
    address: str
    broker: str


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the browser's program."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("DATELINE_REQUIRE_BROWSER") == "1":
            pytest.fail("DATELINE_REQUIRE_BROWSER=1, and there is no chromium")
        pytest.skip("the live page is looked at with chromium, which is not installed")
    return found


@pytest.fixture(scope="session")
def pipeline(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:  # noqa: ARG001
    """Start the pipeline, once a browser is there."""
    with starting(tmp_path_factory.mktemp("live")) as start:
        command = start("up", "--fresh", DATELINE_LIVE_PORT="0", DATELINE_WEB_PORT="0")

        async def done() -> None:
            async with asyncio.timeout(PATIENCE):
                while "all pages are processed" not in command.words:
                    assert command.process.poll() is None, command.words
                    await asyncio.sleep(0.05)

        asyncio.run(done())
        live, broker = _LIVE.search(command.words), _BROKER.search(command.words)
        assert live, command.words
        assert broker, command.words
        yield Pipeline(command, live[1], broker[1])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """Debian's chromium; in a container of root's it has no sandbox of its own."""
    async with async_playwright() as tools:
        started = await tools.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        await started.close()


@dataclass
class View:
    """The page as one person sees it, and everything it asked for or complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def open(self, hash_: str = "") -> None:
        await self.page.goto(f"{self.address}/{hash_}")
        await self.page.locator(".row").first.wait_for()
        await self.page.locator("#map path").first.wait_for(state="attached")

    async def count(self) -> str:
        return await self.page.locator("#count").inner_text()

    async def screenshot(self, name: str) -> None:
        """Keep a picture for the documentation, when asked for."""
        folder = os.environ.get("LIVE_PAGE_SCREENSHOTS")
        if folder:
            await self.page.screenshot(path=Path(folder) / name)


async def look(
    browser: Browser, pipeline: Pipeline, *, width: int = 1440, height: int = 900, dark: bool = False
) -> View:
    """Open a window of a size, light or dark."""
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    view = View(page, pipeline.address)
    page.on("console", lambda message: view.complaints.append(message.text))
    page.on("pageerror", lambda error: view.complaints.append(str(error)))
    page.on("request", lambda request: view.asked.append(request.url))
    return view


@pytest_asyncio.fixture(loop_scope="session")
async def view(browser: Browser, pipeline: Pipeline) -> AsyncIterator[View]:
    """A window on a desk; at its end, nothing was complained of and nobody else was asked."""
    found = await look(browser, pipeline)
    yield found
    assert found.complaints == []
    assert [url for url in found.asked if not url.startswith(f"{pipeline.address}/")] == []
    await found.page.context.close()
