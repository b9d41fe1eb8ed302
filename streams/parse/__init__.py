"""Stage one: a page becomes its article and its teasers. Pure: no clock, no network, no Kafka."""

from typing import TYPE_CHECKING

from streams import lazy

if TYPE_CHECKING:
    from streams.parse.limits import Limits
    from streams.parse.page import Page
    from streams.parse.stage import parse
else:
    __getattr__ = lazy.exports(__name__, {"Limits": "limits", "Page": "page", "parse": "stage"})

__all__ = ["Limits", "Page", "parse"]
