"""How much two runs may differ: ``1%``, ``gone=0.5%``, ``type=20``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from streams.compare.changes import FIELDS
from streams.compare.report import Limit, Report

KINDS = ("all", "changed", "gone", "added")
_FORM = re.compile(r"(?:(?P<what>[a-z_]+)=)?(?P<number>\d+(?:\.\d+)?)(?P<percent>%?)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """So many events, or so large a share of all, may differ in one way."""

    what: str
    number: float
    percent: bool

    @classmethod
    def parse(cls, given: str) -> Allowed:
        """Read a limit.

        Raises:
            ValueError: it has another form, or names what is not counted.
        """
        found = _FORM.fullmatch(given.strip())
        if not found:
            raise ValueError(
                f"{given!r} is no limit: write 1% or 20, or gone=0.5% for one kind of difference"
            )
        what = found["what"] or "all"
        if what not in (*KINDS, *FIELDS):
            raise ValueError(f"{what!r} is not counted: {', '.join((*KINDS, *FIELDS))}")
        if not found["percent"] and not found["number"].isdecimal():
            raise ValueError(f"{given!r}: a number of events is whole; a share ends in %")
        return cls(what=what, number=float(found["number"]), percent=bool(found["percent"]))

    def check(self, report: Report) -> Limit:
        """Hold a report against the limit, which itself is still allowed."""
        totals = report.totals
        count = {
            "all": totals.differing,
            "changed": totals.changed,
            "gone": totals.gone,
            "added": totals.added,
        } | {field.name: field.changed for field in report.fields}
        found = count.get(self.what, 0)
        every = totals.same + totals.differing
        share = 100 * found / every if every else 0.0
        if self.percent:
            return Limit(
                what=self.what,
                limit=f"{self.number:g}%",
                found=percent(found, every),
                passed=share <= self.number,
            )
        return Limit(what=self.what, limit=f"{self.number:g}", found=str(found), passed=found <= self.number)


def percent(count: int, every: int) -> str:
    """Return a share as people read it; what is not nothing is not shown as nothing."""
    share = 100 * count / every if every else 0.0
    return f"{share:.2f}%" if share >= 0.01 or not count else "<0.01%"  # noqa: PLR2004  (two digits)


def judge(report: Report, allowed: tuple[Allowed, ...]) -> Report:
    """Return the report with its verdict."""
    return replace(report, limits=tuple(limit.check(report) for limit in allowed))
