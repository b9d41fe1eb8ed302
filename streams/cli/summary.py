"""What a finished run of ``dateline up --once`` adds up to."""

from __future__ import annotations

import asyncio
import statistics
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from prometheus_client.parser import text_string_to_metric_families

from streams.records import EVENT_CLASSES


@dataclass(slots=True)
class Summary:
    """Counts of one run. Times are seconds; latency is from a page's record to its event's."""

    pages: int = 0
    documents_new: int = 0
    documents_seen: int = 0
    events: Counter[str] = field(default_factory=Counter)
    dead_letters: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    _started: float = 0.0

    def begin(self) -> None:
        """Start the clock, just before the first page is sent."""
        self._started = time.monotonic()

    def end(self) -> None:
        """Stop it, when the last record is finished."""
        self.seconds = time.monotonic() - self._started

    def event(self, event_class: str, latency: float | None) -> None:
        """Count an event."""
        self.events[event_class] += 1
        if latency is not None:
            self.latencies.append(latency)

    def dead_letter(self) -> None:
        """Count a dead letter."""
        self.dead_letters += 1

    def latency(self, share: float) -> float | None:
        """Return a quantile of the latencies, or None when there are none."""
        if len(self.latencies) < 2:  # noqa: PLR2004  (a quantile needs two)
            return self.latencies[0] if self.latencies else None
        cuts = statistics.quantiles(self.latencies, n=100, method="inclusive")
        return cuts[min(98, max(0, round(share * 100) - 1))]

    def as_text(self) -> str:
        """Return the summary as aligned lines."""
        median, p99 = (f"{v:.2f} s" if (v := self.latency(q)) is not None else "–" for q in (0.5, 0.99))
        by_class = ", ".join(f"{name} {self.events[name]}" for name in EVENT_CLASSES)
        rate = self.pages / self.seconds if self.seconds else 0.0
        rows = {
            "pages": str(self.pages),
            "documents": f"{self.documents_new + self.documents_seen} "
            f"({self.documents_new} new, {self.documents_seen} seen before)",
            "events": f"{self.events.total()} ({by_class})",
            "dead letters": str(self.dead_letters),
            "speed": f"{rate:.1f} pages/s ({self.seconds:.2f} s)",
            "latency": f"median {median}, p99 {p99} (page to event)",
        }
        return "\n".join(f"{name:<13} {value}" for name, value in rows.items())


async def scrape(summary: Summary, addresses: Sequence[str]) -> None:
    """Add what only the workers' metrics know: documents new and seen."""
    for address in addresses:
        text = await asyncio.to_thread(_get, f"{address}/metrics")
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == "dateline_documents_total":
                    count = int(sample.value)
                    summary.documents_new += count if sample.labels["status"] == "new" else 0
                    summary.documents_seen += count if sample.labels["status"] == "seen" else 0


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  (an address of our own worker)
        return str(answer.read(), "utf-8")
