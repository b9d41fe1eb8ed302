"""The service-level objectives, their recording rules and their burn-rate alerts.

Source of the method: The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
"""

from __future__ import annotations

from dataclasses import dataclass

from deploy.prometheus.model import Alert, Record

WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
#: (long window, short window, burn rate); the short one ends the alert soon after the trouble.
FAST = (("1h", "5m", 14.4), ("6h", "30m", 6.0))
SLOW = (("1d", "2h", 3.0), ("3d", "6h", 1.0))
OURS = 'error=~"DeadlineExceeded|ComputeCrashed|other"'
PAGE_TO_EVENT = "dateline_page_to_event_seconds"


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective over 30 days: ``errors`` is the share that misses it, ``%s`` the time it is taken over."""

    name: str
    alert: str
    target: float
    promise: str
    errors: str

    def records(self) -> list[Record]:
        """Return the share of errors over each window."""
        return [Record(self._name(window), self.errors.replace("%s", window)) for window in WINDOWS]

    def alerts(self) -> list[Alert]:
        """Return the two alerts: a page where the budget burns fast, a ticket where it burns slowly."""
        return [
            Alert(f"Dateline{self.alert}BurnsFast", self._burns(FAST), "2m", "page",
                  f"The error budget of {self.name} burns fast",
                  f"Objective: {self.promise}. At this rate the budget of 30 days is gone within days."),
            Alert(f"Dateline{self.alert}BurnsSlowly", self._burns(SLOW), "15m", "ticket",
                  f"The error budget of {self.name} will not last",
                  f"Objective: {self.promise}. At this rate the budget of 30 days is gone too soon."),
        ]  # fmt: skip

    def _burns(self, pairs: tuple[tuple[str, str, float], ...]) -> str:
        budget = 1 - self.target
        return " or ".join(
            f"({self._name(long)} > {rate * budget:.6g} and {self._name(short)} > {rate * budget:.6g})"
            for long, short, rate in pairs
        )

    def _name(self, window: str) -> str:
        return f"dateline:{self.name}_errors:ratio_{window}"


#: Share of the workers that take records now; a worker that cannot be scraped does not.
READY = Record(
    "dateline:ready:ratio",
    '(sum(dateline_ready{job="dateline"}) or vector(0)) / count(up{job="dateline"})',
)

OBJECTIVES = (
    Objective("freshness", "Freshness", 0.99,
              "99% of events are confirmed within 60 s of their page's arrival",
              f'1 - sum(rate({PAGE_TO_EVENT}_bucket{{le=~"60(\\\\.0)?"}}[%s])) '
              f"/ sum(rate({PAGE_TO_EVENT}_count[%s]))"),
    Objective("loss", "Loss", 0.999,
              "99.9% of records do not become dead letters by a fault of the service",
              f"sum(rate(dateline_dead_letters_total{{{OURS}}}[%s])) "
              "/ sum(rate(dateline_records_total[%s]))"),
    Objective("availability", "Availability", 0.995,
              "workers take records 99.5% of the time",
              "1 - avg_over_time(dateline:ready:ratio[%s])"),
)  # fmt: skip
