"""For each alert: series on which it must fire, and series on which it must not.

Values are in the notation of promtool: ``0+60x90`` starts at 0 and grows by 60, ninety times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Series = dict[str, str]
MINUTE, FIVE_MINUTES, TEN_MINUTES, HALF_HOUR = "1m", "5m", "10m", "30m"


@dataclass(frozen=True)
class Case:
    """An alert, the series that raise it with the labels it then has, and those that leave it quiet."""

    alert: str
    at: str
    labels: str
    fires: tuple[Series, ...]
    quiet: tuple[Series, ...]
    every: str = MINUTE


A = 'instance="a"'
UP, READY = f'up{{job="dateline", {A}}}', f'dateline_ready{{job="dateline", {A}}}'
OTHER_UP, OTHER_READY = UP.replace('"a"', '"b"'), READY.replace('"a"', '"b"')
STARTED = f'process_start_time_seconds{{job="dateline", {A}}}'
DONE = 'dateline_records_total{stage="parse", outcome="processed"}'
DEAD = 'dateline_records_total{stage="parse", outcome="dead_letter"}'
REPLAYED = 'dateline_records_again_total{stage="parse", origin="replay", outcome="processed"}'
CRASHED = 'dateline_dead_letters_total{stage="parse", error="ComputeCrashed"}'
INVALID = 'dateline_dead_letters_total{stage="parse", error="InvalidPage"}'
ARRIVED = "dateline_page_to_event_seconds_count"
IN_TIME = 'dateline_page_to_event_seconds_bucket{le="60.0"}'
STANDS = f'dateline_committed_offset_age_seconds{{topic="documents", {A}}}'
BEHIND = 'dateline_lag_seconds{topic="documents"}'
REPLACED = f'dateline_compute_restarts_total{{reason="crash", {A}}}'
RETRIES = f'dateline_send_retries_total{{stage="parse", {A}}}'
FREE, SIZE = f"dateline_disk_free_bytes{{{A}}}", f"dateline_disk_size_bytes{{{A}}}"
SILENT, ACTIVE = 'dateline_sites{state="silent"}', 'dateline_sites{state="active"}'
EVENTLESS = 'dateline_eventless_site_documents{site="news.example"}'
GERMAN, GERMAN_NONE = (
    f'dateline_coded_documents_total{{language="de", result="{result}"}}' for result in ("event", "none")
)
SURE, SURE_COUNT = (
    f'dateline_event_confidence_ratio_{part}{{event_class="trade"}}' for part in ("sum", "count")
)


def late(seconds: str) -> Series:
    """An event loop whose timers all run late by up to so many seconds."""
    bounds = ("0.1", "1.0", "2.5", "+Inf")
    name = "dateline_event_loop_lag_seconds_bucket"
    full = [bounds.index(seconds) <= place for place in range(len(bounds))]
    return {
        f'{name}{{{A}, le="{bound}"}}': "0+60x40" if is_full else "0x40"
        for bound, is_full in zip(bounds, full, strict=True)
    }


#: So many steps, so many records in each, and how many budgets of errors they burn.
Phase = tuple[int, float, float]


def grown(*phases: tuple[int, float]) -> str:
    """A counter that grows by so much in each of so many steps, rounded: a fraction may seem to fall."""
    value, parts = 0, ["0"]
    for steps, by in ((steps, round(by)) for steps, by in phases):
        parts.append(f"{value + by}+{by}x{steps - 1}")
        value += by * steps
    return " ".join(parts)


def steady(*phases: tuple[int, float]) -> str:
    """A gauge that stands at each value for so many steps."""
    return " ".join(f"{value:.10g}x{steps - 1}" for steps, value in phases)


def counted(total: str, part: str, phases: tuple[Phase, ...], share: Callable[[float], float]) -> Series:
    """Two counters of which one is a share of the other."""
    return {
        total: grown(*((steps, records) for steps, records, _ in phases)),
        part: grown(*((steps, records * share(budgets)) for steps, records, budgets in phases)),
    }


def burns(
    name: str, series: Callable[..., Series], *, also_quiet: tuple[Series, ...] = ()
) -> tuple[Case, Case]:
    """The cases of an objective's two alerts: each pair of windows alone, and what is over already.

    Fast, in minutes: an hour at 20 budgets after a good night, and 8 budgets all the time. Slow, in steps of
    ten minutes: 4 budgets on a day with little traffic, and 2 budgets all the time.
    """
    fast = Case(
        f"Dateline{name}BurnsFast", "434m", "",
        (series((360, 6e3, 0), (75, 6e3, 20)), series((435, 6e3, 8))),
        (series((435, 6e3, 5)), series((360, 6e3, 0), (60, 6e3, 20), (15, 6e3, 0)), *also_quiet),
    )  # fmt: skip
    slow = Case(
        f"Dateline{name}BurnsSlowly", "4480m", "",
        (series((290, 1.2e5, 0), (160, 1e4, 4)), series((450, 1.2e5, 2))),
        (series((450, 1.2e5, 0.9)), series((400, 1.2e5, 3.5), (50, 1.2e5, 0))),
        every=TEN_MINUTES,
    )  # fmt: skip
    return fast, slow


CASES = (
    Case("DatelineWorkerDown", "12m", f'job="dateline", {A}',
         ({UP: "1x4 0x10"},), ({UP: "1x4 0x3 1x10"},)),
    Case("DatelineGone", "12m", 'job="dateline"', ({"something_else": "1x20"},), ({UP: "0x20"},)),
    Case("DatelineNotReady", "14m", f'job="dateline", {A}', ({READY: "0x15"},), ({READY: "0x5 1x10"},)),
    Case("DatelineRestarts", "12m", f'job="dateline", {A}',
         ({STARTED: "100 100 200 200 300 300 400 400 500x10"},), ({STARTED: "100x5 200x10"},)),
    Case("DatelineStalled", "8m", f'topic="documents", {A}',
         ({STANDS: "0+60x10"},), ({STANDS: "0 30 60 90 0 30 60 90 0 30"},)),
    Case("DatelineBehind", "18m", 'topic="documents"', ({BEHIND: "700x20"},), ({BEHIND: "700x10 100x10"},)),
    Case("DatelineNoPages", "1595m", "",
         ({DONE: "0+300x300 90000x20"},
          {DONE: "0+300x320", REPLAYED: "0x300 300+300x19"}),  # all that comes is a replay's
         ({DONE: "0+300x320"}, {DONE: "0x320"}, {DONE: "0+300x320", REPLAYED: "0x300 150+150x19"}),
         every=FIVE_MINUTES),
    Case("DatelineDeadLetters", "30m", 'stage="parse"',
         ({DONE: "0+600x40", DEAD: "0+30x40"},),
         ({DONE: "0+600x40", DEAD: "0+3x40"}, {DONE: "0+2x40", DEAD: "0x20 1x20"})),
    Case("DatelineBreakerNear", "10m", 'stage="parse"',
         ({DONE: "0+60x20", DEAD: "0+60x20"},), ({DONE: "0+60x20", DEAD: "0+6x20"},)),
    Case("DatelineComputeDies", "25m", f'reason="crash", {A}',
         ({REPLACED: "0+2x40"},), ({REPLACED: "0 0 1x40"},)),
    Case("DatelineSendsFail", "18m", A, ({RETRIES: "0+5x30"},), ({RETRIES: "0 0 5x30"},)),
    Case("DatelineLoopLate", "25m", A, (late("2.5"),), (late("0.1"), late("1.0"))),
    Case("DatelineDiskFilling", "40m", A,
         ({FREE: "5x60", SIZE: "100x60"}, {FREE: "45-0.1x60", SIZE: "100x60"}),
         ({FREE: "45x60", SIZE: "100x60"}, {FREE: "90-0.1x60", SIZE: "100x60"})),
    Case("DatelineDiskFull", "8m", A, ({FREE: "2x20", SIZE: "100x20"},), ({FREE: "5x20", SIZE: "100x20"},)),
    Case("DatelineSitesSilent", "40m", "",
         ({SILENT: "20x60", ACTIVE: "80x60"},),
         ({SILENT: "5x60", ACTIVE: "95x60"}, {SILENT: "2x60", ACTIVE: "3x60"})),
    Case("DatelineSiteEventless", "80m", 'site="news.example"',
         ({EVENTLESS: "60x90"},), ({EVENTLESS: "60x30 stale"},)),
    Case("DatelineLanguageEventless", "7980m", 'language="de"',
         ({GERMAN: "0+30x250 7500x24", GERMAN_NONE: "0+30x274"},),
         ({GERMAN: "0+30x274", GERMAN_NONE: "0+30x274"}, {GERMAN: "0x274", GERMAN_NONE: "0+30x274"}),
         every=HALF_HOUR),
    Case("DatelineConfidenceDrifts", "8190m", 'event_class="trade"',
         ({SURE_COUNT: "0+60x300", SURE: "0+48x250 12024+24x50"},),
         ({SURE_COUNT: "0+60x300", SURE: "0+48x300"},
          {SURE_COUNT: "0+0.6x300", SURE: "0+0.48x250 120+0.24x50"}),
         every=HALF_HOUR),
    *burns("Freshness", lambda *phases: counted(ARRIVED, IN_TIME, phases, lambda budgets: 1 - 0.01 * budgets),
           also_quiet=({ARRIVED: "0x440", IN_TIME: "0x440"},)),
    *burns("Loss", lambda *phases: counted(DONE, CRASHED, phases, lambda budgets: 0.001 * budgets),
           also_quiet=({DONE: grown((440, 600)), INVALID: grown((440, 30))},)),
    *burns("Availability", lambda *phases: {
        UP: steady(*((steps, 1) for steps, _, _ in phases)),
        READY: steady(*((steps, 1 - 0.005 * budgets) for steps, _, budgets in phases))}),
    # Of two workers one is not ready, cannot be scraped, or was away for a moment.
    Case("DatelineAvailabilityBurnsFast", "70m", "",
         ({UP: "1x90", OTHER_UP: "1x90", READY: "1x90", OTHER_READY: "0x90"},
          {UP: "1x90", OTHER_UP: "0x90", READY: "1x90"}),
         ({UP: "1x90", OTHER_UP: "1x90", READY: "1x90", OTHER_READY: "1x90"},
          {UP: "1x90", OTHER_UP: "1x90", READY: "1x90", OTHER_READY: "0x3 1x90"})),
)  # fmt: skip

#: A service that is well: nothing at all may fire.
WELL: Series = {
    UP: "1x450", READY: "1x450", STARTED: "100x450", DONE: "0+600x450", DEAD: "0x450", CRASHED: "0x450",
    ARRIVED: "0+600x450", IN_TIME: "0+600x450", STANDS: "0x450", BEHIND: "3x450", REPLACED: "0x450",
    RETRIES: "0x450", FREE: "60x450", SIZE: "100x450", SILENT: "1x450", ACTIVE: "99x450",
    GERMAN: "0+50x450", GERMAN_NONE: "0+50x450", SURE: "0+8x450", SURE_COUNT: "0+10x450", **late("0.1"),
}  # fmt: skip
