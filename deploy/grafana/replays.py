"""The dashboard "Replays and dead letters": what failed, and what became of it when it came again."""

# a table, one panel after another
# ruff: noqa: E501
from __future__ import annotations

from deploy.grafana.build import Board, Panel, gauge, increase, quantile, rate

LETTERS, RECORDS, AGAIN = (
    "dateline_dead_letters_total",
    "dateline_records_total",
    "dateline_records_again_total",
)
DEAD, PARSED = 'outcome="dead_letter"', 'stage="parse"'
PAGES, REPLAYED = rate(RECORDS, where=PARSED), rate(AGAIN, where=f'origin="replay", {PARSED}')


def again(origin: str, which: str = "") -> str:
    """Return a selector of records that came again."""
    return ", ".join(part for part in (f'origin="{origin}"', which) if part)


BOARD = Board(
    "dateline-replays",
    "Replays and dead letters",
    (
        Panel("Dead letters", "short", "In the time shown.", ((increase(LETTERS), ""),), warn=1),
        Panel("Share of records", "percentunit", "Dead letters of all records. The breaker stops a worker when "
              "it stays high.",
              ((f"{increase(RECORDS, where=DEAD)} / ({increase(RECORDS)} > 0)", ""),), warn=0.01, alarm=0.1),
        Panel("Redriven", "short", "Records sent back from the dead letters.",
              ((increase(AGAIN, where=again("redrive")), ""),)),
        Panel("Redriven in vain", "short", "Redriven records that became dead letters again.",
              ((increase(AGAIN, where=again("redrive", DEAD)), ""),), warn=1),
        Panel("Pages replayed", "short", "Pages that a replay sent and parse finished.",
              ((increase(AGAIN, where=again("replay", PARSED)), ""),)),
        Panel("Documents of replays", "short", "Documents that replays gave: none where this coder had emitted "
              "them all before.",
              ((increase(AGAIN, where=again("replay", 'stage="enrich"')), ""),)),
    ),
    (
        ("Dead letters: what, where and why", (
            Panel("By error", "short", "Error classes of streams/errors.py, in the time shown.",
                  ((increase(LETTERS, by="error"), "{{error}}"),), kind="bars"),
            Panel("By stage and error", "cps", "When it began.",
                  ((f"{rate(LETTERS, by='stage, error')} > 0", "{{stage}} {{error}}"),)),
            Panel("Share by stage", "percentunit", "The breaker acts on the last 1000 records of a stage.",
                  ((f"{rate(RECORDS, by='stage', where=DEAD)} / ({rate(RECORDS, by='stage')} > 0)",
                    "{{stage}}"),)),
        )),
        ("Again: redrive and replay", (
            Panel("Redriven by outcome", "cps", "A dead_letter here: the fault is still there.",
                  ((rate(AGAIN, by="stage, outcome", where=again("redrive")), "{{stage}} {{outcome}}"),)),
            Panel("Replayed by outcome", "cps", "seen: the documents had been emitted before.",
                  ((rate(AGAIN, by="stage, outcome", where=again("replay")), "{{stage}} {{outcome}}"),)),
        )),
        ("What it costs the live stream", (
            Panel("Pages, live and replayed", "reqps", "Both share the workers: a replay takes what live leaves, or "
                  "more where it is not held back.",
                  ((f"{PAGES} - {REPLAYED}", "live"), (REPLAYED, "replayed"))),
            Panel("Lag in seconds", "s", "A replay that is too fast shows here first.",
                  ((gauge("dateline_lag_seconds", how="max", by="topic"), "{{topic}}"),)),
            Panel("Page to event of live pages, p95", "s", "From a page's record timestamp to the confirmation of its "
                  "event; replayed pages are left out.",
                  ((quantile(0.95, "dateline_page_to_event_seconds"), "p95"),)),
            Panel("Compute processes replaced", "cps", "deadline and crash: pages that break the stage.",
                  ((rate("dateline_compute_restarts_total", by="reason"), "{{reason}}"),)),
        )),
    ),
)  # fmt: skip
