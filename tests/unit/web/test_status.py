"""What the corner of the page says of the service."""

from __future__ import annotations

from streams import settings
from streams.web.status import Status


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_records_that_wait_are_a_lag_and_without_progress_a_standstill() -> None:
    clock = Clock()
    status = Status(settings.load(), clock)
    places = {("pages.raw", 0): (5, 5), ("documents", 0): (0, 0), ("documents.enriched", 0): (0, 0)}
    assert status.judge(places)["state"] == "ok"
    told = status.judge(places | {("pages.raw", 0): (5, 9)})
    assert told["state"] == "behind"
    assert told["lag"][0] == {"topic": "pages.raw", "records": 4, "seconds": 0.0}
    clock.now = 59.0
    assert status.judge(places | {("pages.raw", 0): (6, 9)})["state"] == "behind"
    clock.now = 118.0
    assert status.judge(places | {("pages.raw", 0): (6, 9)})["state"] == "behind"
    clock.now = 120.0
    assert status.judge(places | {("pages.raw", 0): (6, 9)})["state"] == "stalled"
    assert status.judge(places | {("pages.raw", 0): (9, 9)})["state"] == "ok"
