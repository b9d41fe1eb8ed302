"""The dashboard "Coder quality": what the coder leaves out, how sure it is, and whether that drifts."""

# a table, one panel after another
# ruff: noqa: E501
from __future__ import annotations

from deploy.grafana.build import Board, Panel, gauge, increase, quantile, rate

CODED, ACTORS, SURE = (
    "dateline_coded_documents_total",
    "dateline_event_actors_total",
    "dateline_event_confidence_ratio",
)
WITHOUT = 'result="none"'


def share(part: str, whole: str) -> str:
    """Return a share; nothing where there is nothing to share."""
    return f"{part} / ({whole} > 0)"


def mean(over: str, *, by: str = "") -> str:
    """Return the mean confidence over a time."""
    return share(rate(f"{SURE}_sum", by=by, over=over), rate(f"{SURE}_count", by=by, over=over))


def actors(side: str, known: str) -> str:
    """Return the share of events of which so much is known of a side."""
    part = increase(ACTORS, where=f'side="{side}", known="{known}"')
    return share(part, increase(ACTORS, where=f'side="{side}"'))


def known(side: str) -> str:
    """Return the shares of what is known of a side."""
    where = f'side="{side}"'
    return f"{rate(ACTORS, by='known', where=where)} / on () group_left () ({rate(ACTORS, where=where)} > 0)"


BOARD = Board(
    "dateline-coder-quality",
    "Coder quality",
    (
        Panel("Documents without an event", "percentunit", "Share of the documents in the time shown.",
              ((share(increase(CODED, where=WITHOUT), increase(CODED)), ""),)),
        Panel("Mean confidence", "percentunit", "Of the events of the last hour.", ((mean("1h"), ""),)),
        Panel("Drift of confidence", "percentunit", "Mean of the last hour less mean of the last day.",
              ((f"{mean('1h')} - {mean('1d')}", ""),)),
        Panel("Source without a country", "percentunit", "Events whose source has a name only.",
              ((actors("source", "name"), ""),), warn=0.2, alarm=0.4),
        Panel("Nobody acts", "percentunit", "Events without a source.", ((actors("source", "nobody"), ""),)),
        Panel("Eventless sites", "none", "Sites whose documents suddenly give no events.",
              ((gauge("dateline_sites", how="sum", where='state="eventless"'), ""),), warn=1),
    ),
    (
        ("What is left out", (
            Panel("Share without an event", "percentunit", "Of the documents that classify finished. A jump: "
                  "the pages or the coder changed.",
                  ((share(rate(CODED, where=WITHOUT), rate(CODED)), "all"),)),
            Panel("Documents by language", "cps", "Documents that classify finished.",
                  ((f"{rate(CODED, by='language')} > 0", "{{language}}"),)),
            Panel("Share with an event by language", "percentunit", "0 with many documents: the coder does not "
                  "read this language.",
                  ((share(increase(CODED, by="language", where='result="event"'), increase(CODED, by="language")),
                    "{{language}}"),), kind="bars"),
            Panel("Eventless sites", "short", "Documents since their last event; empty is well.",
                  ((f"topk(20, {gauge('dateline_eventless_site_documents', how='max', by='site')})",
                    "{{site}}"),), kind="bars"),
        )),
        ("How sure it is", (
            Panel("Confidence", "percentunit", "Quantiles over all events.",
                  tuple((quantile(q, SURE), f"p{q * 100:.0f}") for q in (0.1, 0.5, 0.9))),
            Panel("Mean confidence by class", "percentunit", "Over an hour.",
                  ((mean("1h", by="event_class"), "{{event_class}}"),)),
            Panel("Distribution", "short", "Events up to each confidence, in the time shown.",
                  ((increase(f"{SURE}_bucket", by="le"), "≤ {{le}}"),), kind="bars"),
        )),
        ("Who acts on whom", (
            Panel("Sources", "percentunit", "What is known of who acts.",
                  ((known("source"), "{{known}}"),)),
            Panel("Targets", "percentunit", "What is known of who is acted on.",
                  ((known("target"), "{{known}}"),)),
        )),
    ),
)  # fmt: skip
