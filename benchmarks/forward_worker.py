"""A worker whose enrich stage passes records on as they are: what is left is the way through Dateline."""

from __future__ import annotations

import sys

from streams import headers as h
from streams import settings
from streams.agents import tasks
from streams.agents.work import Item, Output
from streams.corrections import Corrections
from streams.parse import Limits


def pass_on(item: Item, _: Limits, __: Corrections) -> tasks.Made:
    """Make the record itself of it, under the key that its header gives."""
    key = h.text(item.headers["ce_id"])
    return tasks.Made([Output("documents.enriched", key, item.value, "dateline.document.enriched.v1")])


def swallow(_: Item, __: Limits, ___: Corrections) -> tasks.Made:
    """Make nothing of it."""
    return tasks.Made([])


# The import is what does it: compute processes import this module before their first record.
tasks.TASKS |= {"enrich": pass_on, "classify": swallow}


if __name__ == "__main__":
    from streams.agents.worker import run_worker

    sys.exit(run_worker(settings.load(), preload="benchmarks.forward_worker"))
