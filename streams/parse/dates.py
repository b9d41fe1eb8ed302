"""Dates and times as pages write them."""

from __future__ import annotations


def is_date_line(text: str) -> bool:
    """Whether a short line says only when something was published."""
    return False
