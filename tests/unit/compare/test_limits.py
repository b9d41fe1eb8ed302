"""What may differ, and the verdict."""

from __future__ import annotations

import pytest

from streams.compare.limits import Allowed, judge, percent
from tests.unit.compare.test_compare import diff, event


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ("0", False), ("3", True), ("2", False), ("30%", True), ("29.9%", False), ("all=30%", True),
        ("gone=1", True), ("gone=9.99%", False), ("added=0", False), ("changed=10%", True), ("type=1", True),
        ("type=0", False), ("mode=0%", True),
    ],
)  # fmt: skip
def test_a_limit_itself_is_allowed(given: str, passed: bool) -> None:
    a = [event(n) for n in range(9)]
    b = [event(n) for n in range(2, 10)] + [event(1, type="AGREE")]
    report = judge(diff(a, b), (Allowed.parse(given),))
    assert report.totals.differing == 3
    assert (report.passed, report.limits[0].passed) == (passed, passed)


@pytest.mark.parametrize(
    "given", ["", "1.5", "x", "-1%", "1 %", "gone", "gone=", "tone=1%", "1%%", "=1%", "٣%"]
)
def test_other_limits_are_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"limit|counted|whole"):
        Allowed.parse(given)


def test_a_report_without_limits_passes() -> None:
    assert judge(diff([event(1)], []), ()).passed


@pytest.mark.parametrize(
    ("count", "every", "shown"), [(0, 0, "0.00%"), (1, 3, "33.33%"), (1, 10**6, "<0.01%"), (0, 5, "0.00%")]
)
def test_what_is_not_nothing_is_not_shown_as_nothing(count: int, every: int, shown: str) -> None:
    assert percent(count, every) == shown
