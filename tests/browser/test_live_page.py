"""The live page in a real browser, against a running pipeline.

One file: its tests share the pipeline and the browser. The first see the sample pages alone.
"""

from __future__ import annotations

import dataclasses
import re

import pytest
from playwright.async_api import Browser, expect

from streams import settings as settings_module
from streams.broker.client import producer
from streams.broker.topics import schemas_dir
from streams.records import Actor, Event, EventSpans, Span, decode, encode
from tests.browser.conftest import Pipeline, View, look

PAGE_BYTES = 300_000

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXAMPLE = decode(next((schemas_dir() / "events" / "examples").rglob("*.json")).read_bytes(), Event)
# What a page of news could hold to do harm, and letters outside the basic plane before the spans.
HOSTILE = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">'
EVIDENCE = "🇨🇳🔥 China raises duties on Canada"


def span(words: str) -> Span:
    start = EVIDENCE.index(words)
    return Span(start=start, end=start + len(words))


def hostile() -> Event:
    return dataclasses.replace(
        EXAMPLE,
        event_id="f" * 32,
        event_class="trade",
        type="SANCTION",
        headline=HOSTILE,
        evidence=EVIDENCE,
        spans=EventSpans(
            trigger=span("raises duties on"),
            source=(span("China"),),
            target=(span("Canada"),),
            evidence=Span(start=0, end=len(EVIDENCE)),
        ),
        source=(Actor(name=f"China{HOSTILE}", country="CHN"),),
        target=(Actor(name="Canada", country="CAN"),),
        place=None,
        url="javascript:window.hacked=1",
        page_url="javascript:window.hacked=1",
        site=HOSTILE,
    )


async def send(pipeline: Pipeline, event: Event) -> None:
    async with producer(settings_module.load(brokers=pipeline.broker)) as client:
        topic, key = f"events.{event.event_class}", event.event_id.encode()
        await client.send_and_wait(topic, encode(event), key=key)


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
    head = await view.page.locator("header").bounding_box()
    assert head
    assert head["height"] < 60  # one line
    ground: str = await view.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground[4:-1].split(","))) < 3 * 128) is dark
    await view.screenshot(name)
    assert view.complaints == []
    await view.page.context.close()


async def test_charts_say_what_they_count(view: View) -> None:
    await view.open()
    page = view.page
    counts = [
        int(words.rsplit(maxsplit=1)[1]) for words in await page.locator("#map .top button").all_inner_texts()
    ]
    assert counts == sorted(counts, reverse=True)
    assert await page.locator("#map .scale").inner_text() == f"1\n{counts[0]}"
    rows = await page.locator("#matrix tbody tr").count()
    assert rows > 3
    assert await page.locator("#matrix tbody tr:has(button)").count() == rows
    await page.locator("#timeline select").select_option("arrived")
    await expect(page.locator("#timeline .ends span").nth(1)).to_have_text(re.compile(r"up to \d+ "))


async def test_it_weighs_little(view: View) -> None:
    await view.open()
    sent: int = await view.page.evaluate(
        """() => performance.getEntries().filter((entry) => "transferSize" in entry)
            .reduce((sum, entry) => sum + entry.transferSize, 0)"""
    )
    assert 10_000 < sent < PAGE_BYTES
    await expect(view.page.locator("#status [role=status]")).to_have_text("up to date")


async def test_filters_narrow_what_is_shown_and_stand_in_the_address(view: View) -> None:
    await view.open()
    page = view.page
    every = int((await view.count()).split()[0])
    await page.get_by_role("button", name="trade", exact=True).click()
    await expect(page.locator(".row.military, .row.diplomacy")).to_have_count(0)
    trade = int((await view.count()).split()[0])
    assert 0 < trade < every
    await page.get_by_label("Type").select_option("SANCTION")
    await page.get_by_label("Words").fill("OLIVE oil")
    await expect(page.locator(".row")).to_have_count(1)
    await expect(page.locator(".row .what")).to_contain_text("olive oil")
    assert page.url.endswith("#class=trade&type=SANCTION&q=OLIVE+oil")
    await page.reload()
    await expect(page.locator(".row")).to_have_count(1)
    await page.get_by_label("Words").fill("no such words")
    await expect(page.get_by_text("No event matches.")).to_be_visible()
    await page.get_by_role("button", name="Show all").click()
    await expect(page.locator("#count")).to_have_text(f"{every} events")


async def test_a_country_is_chosen_from_map_list_and_matrix(view: View) -> None:
    await view.open()
    page = view.page
    first = page.locator("#map .top button").first
    code = await first.get_attribute("data-code")
    await first.click()
    assert page.url.endswith(f"#country={code}")
    await expect(page.locator("select[name=country]")).to_have_value(code or "")
    await first.click()
    cell = page.locator("#matrix td button").first
    number = await cell.inner_text()
    await cell.click()
    await expect(page.locator(".row")).to_have_count(int(number))
    await page.locator("#pair button").click()
    assert "#" not in page.url
    assert await page.locator("#timeline rect").count() > 0


async def test_everything_can_be_done_from_the_keyboard(view: View) -> None:
    await view.open()
    page = view.page
    keys = page.keyboard
    await keys.press("/")
    await expect(page.get_by_label("Words")).to_be_focused()
    await keys.type("tariff")
    await keys.press("Escape")
    await expect(page.locator("#list")).to_be_focused()
    await expect(page.get_by_label("Words")).to_have_value("")
    for key in ("ArrowDown", "ArrowDown", "j", "k"):
        await keys.press(key)
    chosen = page.locator(".row[aria-selected=true]")
    assert await chosen.get_attribute("aria-posinset") == "2"
    assert await page.locator("#list").get_attribute("aria-activedescendant") == await chosen.get_attribute(
        "id"
    )
    await expect(page.locator("#detail mark.trigger").first).to_be_visible()
    await keys.press("End")
    last = int((await view.count()).split()[0])
    await expect(page.locator(".row[aria-selected=true]")).to_have_attribute("aria-posinset", str(last))
    await keys.press("Enter")
    link = page.locator("#detail a")
    await expect(link).to_be_focused()
    assert await link.get_attribute("rel") == "noopener noreferrer nofollow"
    await keys.press("p")
    await expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")


async def test_every_stop_of_the_tabulator_is_visible_and_named(view: View) -> None:
    await view.open()
    seen = []
    for _ in range(30):
        await view.page.keyboard.press("Tab")
        told = await view.page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
                return [e.tagName, e.ariaLabel || e.textContent.trim() || e.labels?.[0]?.textContent,
                        s.outlineStyle !== "none"] }"""
        )
        if told[0] == "BODY":
            break
        assert told[1], told
        assert told[2], told
        seen.append(told[0])
    assert {"A", "BUTTON", "SELECT", "INPUT", "DIV", "SUMMARY"} <= set(seen)


async def test_what_comes_is_shown_and_a_hostile_text_is_only_a_text(view: View, pipeline: Pipeline) -> None:
    await view.open()
    page = view.page
    await send(pipeline, hostile())
    row = page.locator(f"#e-{'f' * 32}")
    await expect(row.locator(".what")).to_have_text(HOSTILE)
    assert await row.get_attribute("aria-posinset") == "1"
    await row.click()
    marks = page.locator("#detail .evidence mark")
    assert await marks.all_inner_texts() == ["China", "raises duties on", "Canada"]
    assert await page.locator("#detail a").count() == 0
    assert await page.locator("#list img, #list script, #detail img, #detail script").count() == 0
    await page.goto(f"{view.address}/#q={HOSTILE}&country={HOSTILE}&from={HOSTILE}")
    await page.reload()
    assert await page.evaluate("window.hacked") is None


async def test_a_page_that_is_paused_stands_still(view: View, pipeline: Pipeline) -> None:
    await view.open()
    before = await view.count()
    await view.page.get_by_role("button", name="Pause").click()
    await send(pipeline, dataclasses.replace(hostile(), event_id="e" * 32, headline="Later"))
    await expect(view.page.locator("#pause")).to_have_text("Go on (1)")
    assert await view.count() == before
    await view.page.locator("#pause").click()
    await expect(view.page.locator(".row .what").first).to_have_text("Later")


async def test_ten_thousand_events_stand_in_few_elements(view: View) -> None:
    await view.open()
    await view.page.evaluate(
        """async () => {
            const { List } = await import("/static/list.js");
            const list = new List(() => {});
            const events = Array.from({ length: 10_000 }, (_, n) =>
                ({ id: String(n), class: "trade", type: "AID", confidence: 1, at: 0,
                   headline: `event ${n}` }));
            list.show(events, "");
            document.querySelector("#list").scrollTop = 5000 * 58;
        }"""
    )
    await expect(view.page.get_by_text("event 5003", exact=True)).to_be_visible()
    assert await view.page.locator(".row").count() < 60
