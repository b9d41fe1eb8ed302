"""/metrics, /livez and /readyz, served by a thread of their own so that a stalled loop still answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import make_wsgi_app

from streams.ops.addresses import location, refused
from streams.ops.health import Health

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    timeout = 10

    def log_message(self, *_: Any) -> None:
        """Scrapes are not worth a line each."""


class OpsServer:
    """The read-only operations port of a process."""

    def __init__(self, *, bind: str, port: int, registry: CollectorRegistry, health: Health) -> None:
        """Listen at once.

        Raises:
            ConfigurationError: the port is taken, or the address is none of this machine's.
        """
        self._metrics = make_wsgi_app(registry)
        self._health = health
        kind = _Server6 if ":" in bind else _Server
        try:
            self._server = make_server(bind, port, self._app, server_class=kind, handler_class=_Handler)
        except OSError as error:
            raise refused(bind, port, error, "DATELINE_WEB_PORT") from error
        self.address = f"http://{location(bind, self._server.server_port)}"
        threading.Thread(target=self._server.serve_forever, name="ops-web", daemon=True).start()

    def _app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _answer(start_response, "405 Method Not Allowed", "read only")
        if path == "/metrics":
            answer: Iterable[bytes] = self._metrics(environ, start_response)
            return answer
        if path in ("/livez", "/readyz"):
            wrong = self._health.not_alive() if path == "/livez" else self._health.not_ready()
            return _answer(start_response, "503 Service Unavailable" if wrong else "200 OK", wrong or "ok")
        return _answer(start_response, "404 Not Found", "there are /metrics, /livez and /readyz")

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


def _answer(start_response: StartResponse, status: str, text: str) -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
    return [f"{text}\n".encode()]
