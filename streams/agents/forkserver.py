"""The server that compute processes are forked from: they share what it has imported.

Nothing here is slow to load. A worker starts the server first, which reads models on another core while the
worker itself loads Faust.
"""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing import forkserver, util
from multiprocessing.context import ForkServerContext

from streams.errors import ConfigurationError

#: The module with all that compute processes need.
WARM = "streams.agents.warm"


def start(preload: str = WARM) -> ForkServerContext:
    """Start the server, unless it runs; return the context that makes processes through it.

    Args:
        preload: the module that a new server imports at once.

    Raises:
        ConfigurationError: the folder for temporary files has a path too long for a socket.
    """
    # The stages gain nothing from threads, and each thread costs memory.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([preload])
    try:
        forkserver.ensure_running()
    except OSError as error:
        if "too long" not in str(error):
            raise
        raise ConfigurationError(
            f"compute processes are reached through a socket in {util.get_temp_dir()}, a path too long for "
            "one: set TMPDIR to a shorter folder, such as /tmp"
        ) from error
    return context
