"""A recording rule and an alert, and how Prometheus writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: Where the page about an alert stands; a prefix can make it an address.
RUNBOOKS = "docs/runbooks"


@dataclass(frozen=True, slots=True)
class Record:
    """A recording rule."""

    name: str
    expr: str

    def rule(self) -> dict[str, object]:
        """Return it in Prometheus's form."""
        return {"record": self.name, "expr": self.expr}


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert. ``page`` wakes somebody, ``ticket`` waits for the morning."""

    name: str
    expr: str
    wait: str
    severity: Literal["page", "ticket"]
    summary: str
    description: str

    def rule(self) -> dict[str, object]:
        """Return it in Prometheus's form."""
        return {
            "alert": self.name,
            "expr": self.expr,
            "for": self.wait,
            "labels": {"severity": self.severity, "service": "dateline"},
            "annotations": {
                "summary": self.summary,
                "description": self.description,
                "runbook_url": f"{RUNBOOKS}/{self.name}.md",
            },
        }
