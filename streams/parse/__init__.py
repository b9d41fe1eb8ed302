"""Stage one: a page becomes its article and its teasers. Pure: no clock, no network, no Kafka."""

from streams.parse.page import Page

__all__ = ["Page"]
