"""Where the ports of a process listen: how that is written, and which setting is wrong where it cannot be."""

from __future__ import annotations

import errno

from streams.errors import ConfigurationError

#: What the system says of a port that somebody has, or that this user may not have.
_OF_THE_PORT = (errno.EADDRINUSE, errno.EACCES)


def location(host: str, port: int) -> str:
    """Return host and port as a URL has them: an IPv6 address stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def refused(host: str, port: int, error: OSError, variable: str) -> ConfigurationError:
    """Return what says that nobody can listen there; ``variable`` sets the port."""
    mend = (
        f"set {variable}, 0 for any free port"
        if error.errno in _OF_THE_PORT
        else "set DATELINE_WEB_BIND to an address of this machine, such as 127.0.0.1 or ::1"
    )
    return ConfigurationError(f"{location(host, port)} cannot be listened on ({error.strerror}); {mend}")
