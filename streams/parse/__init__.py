"""Stage one: a page becomes its article and its teasers. Pure: no clock, no network, no Kafka."""

from streams.parse.limits import Limits
from streams.parse.page import Page
from streams.parse.stage import parse

__all__ = ["Limits", "Page", "parse"]
