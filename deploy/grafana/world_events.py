"""The dashboard "World events": how many events of which class, country and type, and how fresh they are."""

# a table, one panel after another
# ruff: noqa: E501
from __future__ import annotations

from deploy.grafana.build import Board, Panel, increase, quantile, rate

CHOSEN = 'event_class=~"$event_class"'
KNOWN = f'{CHOSEN}, country!="unknown"'
COUNTRIES = increase("dateline_event_countries_total", by="country", where=KNOWN)
SURE = increase("dateline_event_confidence_ratio_bucket", where=f'{CHOSEN}, le="0.8"')
ALL = increase("dateline_event_confidence_ratio_count", where=CHOSEN)
FETCHED, PUBLISHED = "dateline_fetched_to_emitted_seconds", "dateline_published_to_emitted_seconds"

BOARD = Board(
    "dateline-world-events",
    "World events",
    (
        Panel("Events", "short", "In the time shown.",
              ((increase("dateline_events_total", where=CHOSEN), ""),)),
        Panel("Countries", "none", "With an event in the time shown.", ((f"count({COUNTRIES} > 0)", ""),)),
        Panel("Diplomacy", "short", "Events in the time shown.",
              ((increase("dateline_events_total", where='event_class="diplomacy"'), ""),)),
        Panel("Military", "short", "Events in the time shown.",
              ((increase("dateline_events_total", where='event_class="military"'), ""),)),
        Panel("Trade", "short", "Events in the time shown.",
              ((increase("dateline_events_total", where='event_class="trade"'), ""),)),
        Panel("Surer than 0.8", "percentunit", "Share of the events with a confidence above 0.8.",
              ((f"1 - {SURE} / {ALL}", ""),)),
    ),
    (
        ("What happens", (
            Panel("Events by class", "cps", "Events that the broker has confirmed.",
                  ((rate("dateline_events_total", by="event_class", where=CHOSEN), "{{event_class}}"),)),
            Panel("Events by type", "short", "PLOVER types, in the time shown.",
                  ((f"topk(16, {increase('dateline_event_types_total', by='type', where=CHOSEN)})", "{{type}}"),),
                  kind="bars"),
            Panel("Types over time", "cps", "The six types with the most events now.",
                  ((f"topk(6, {rate('dateline_event_types_total', by='type', where=CHOSEN)})", "{{type}}"),)),
        )),
        ("Where", (
            Panel("Map", "short", "Events by country: of their place, else of who acts, else of who is acted on.",
                  ((COUNTRIES, "{{country}}"),), kind="map"),
            Panel("Countries", "short", "The twenty with the most events in the time shown.",
                  ((f"topk(20, {COUNTRIES})", "{{country}}"),), kind="bars"),
            Panel("Countries over time", "cps", "The eight with the most events now: a new line is a new crisis.",
                  ((f"topk(8, {rate('dateline_event_countries_total', by='country', where=KNOWN)})",
                    "{{country}}"),)),
        )),
        ("How fresh, and from whom", (
            Panel("Fetched to emitted", "s", "From the fetch of a page to the confirmation of its event.",
                  tuple((quantile(q, FETCHED), f"p{q * 100:.0f}") for q in (0.5, 0.95))),
            Panel("Published to emitted", "s", "From publication, where the page tells it to the minute.",
                  tuple((quantile(q, PUBLISHED), f"p{q * 100:.0f}") for q in (0.5, 0.95))),
            Panel("Events by site", "short", "The busiest sites in the time shown; the rest are other.",
                  ((f"topk(15, {increase('dateline_site_events_total', by='site')})", "{{site}}"),), kind="bars"),
        )),
    ),
    (("event_class", "Class", "dateline_events_total"),),
)  # fmt: skip
