"""Accounts for every page on ``pages.raw`` by what stands on the other topics: see docs/verify.md."""

from streams.verify.ledger import Fate, Ledger
from streams.verify.report import Report
from streams.verify.topics import verify

__all__ = ["Fate", "Ledger", "Report", "verify"]
