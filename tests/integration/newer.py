"""A worker of the next release: the same, but that its events bear another coder version."""

from __future__ import annotations

import sys

from streams import classify, settings
from streams.agents import warm
from streams.classify import version
from tests.integration.harness import NEWER_VERSION

# The import is what makes it newer: compute processes import this module before their first record.
# So no test imports it.
vars(version)["CODER_VERSION"] = vars(classify)["CODER_VERSION"] = NEWER_VERSION
__all__ = ["warm"]


if __name__ == "__main__":
    from streams.agents.worker import run_worker

    sys.exit(run_worker(settings.load(), preload="tests.integration.newer"))
