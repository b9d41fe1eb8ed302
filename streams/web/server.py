"""The live page's server: read-only, on loopback unless told otherwise."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import orjson
from aiohttp import hdrs, web

from streams import __version__
from streams.ops.addresses import location, refused
from streams.settings import Settings
from streams.web import assets
from streams.web.feed import Feed
from streams.web.status import Status
from streams.web.store import EventStore
from streams.web.stream import Streams

_PAGE, _MOST = 300, 5000
_PACK_FROM = 1024
# Whatever a text could smuggle in: only our own files run, nothing is loaded from elsewhere, and
# no script may turn a text into markup.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class LivePage:
    """What the addresses answer."""

    def __init__(self, settings: Settings, *, heartbeat: float = 15.0) -> None:
        """Prepare store, reader and files; nothing is read from Kafka yet."""
        self.store = EventStore(settings.live_events)
        self.feed = Feed(settings, self.store)
        self.status = Status(settings)
        self.streams = Streams(self.store, heartbeat=heartbeat)
        self._assets = assets.load()
        self._group = settings.group

    def app(self, *, loopback: bool) -> web.Application:
        """Return the application; ``loopback`` refuses requests meant for another host."""
        app = web.Application(middlewares=[_own_host] if loopback else [])
        app.on_response_prepare.append(_protect)
        app.router.add_get("/", self._index)
        app.router.add_get("/static/{name}", self._static)
        app.router.add_get("/api/events", self._events)
        app.router.add_get("/api/stream", self.streams.serve)
        app.router.add_get("/api/status", self._status)
        return app

    async def _index(self, request: web.Request) -> web.Response:
        return assets.answer(self._assets["index.html"], request)

    async def _static(self, request: web.Request) -> web.Response:
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        return assets.answer(asset, request)

    async def _events(self, request: web.Request) -> web.Response:
        """The events before a number, newest first: ``?before=N&limit=M``."""
        limit, before = _number(request, "limit") or _PAGE, _number(request, "before")
        entries = self.store.before(before, min(limit, _MOST))
        more = len(entries) == min(limit, _MOST) and bool(self.store.before(entries[-1].number, 1))
        told = {"boot": self.store.boot, "last": self.store.last, "limit": self.store.limit, "more": more}
        head = orjson.dumps(told)[:-1] + b',"events":['
        return await _json(request, head + b",".join(entry.body for entry in entries) + b"]}")

    async def _status(self, request: web.Request) -> web.Response:
        told = await self.status.tell()
        if self.feed.trouble:
            told = told | {"state": "unreachable", "words": self.feed.trouble}
        elif not self.feed.caught_up.is_set():
            told = told | {"state": "starting"}
        own = {
            "version": __version__,
            "group": self._group,
            "boot": self.store.boot,
            "events": len(self.store),
            "limit": self.store.limit,
            "unreadable": self.feed.unreadable,
            "clients": len(self.streams),
        }
        return await _json(request, orjson.dumps(told | own))


@asynccontextmanager
async def serve(settings: Settings, *, port: int | None = None) -> AsyncIterator[str]:
    """Serve the page while the context is open; give its address.

    Raises:
        ConfigurationError: the port is taken, or the address is none of this machine's.
    """
    page = LivePage(settings)
    host = settings.web_bind
    port = settings.live_port if port is None else port
    runner = web.AppRunner(page.app(loopback=_is_loopback(host)), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    feed = asyncio.create_task(page.feed.run())
    try:
        try:
            await site.start()
        except OSError as error:
            raise refused(host, port, error, "DATELINE_LIVE_PORT") from error
        yield f"http://{location(host, runner.addresses[0][1])}"
    finally:
        feed.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await feed
        page.streams.close()
        await page.status.close()
        await runner.cleanup()


async def _json(request: web.Request, body: bytes) -> web.Response:
    headers = {hdrs.CONTENT_TYPE: "application/json", hdrs.CACHE_CONTROL: "no-store"}
    if len(body) > _PACK_FROM and "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
        body = await asyncio.to_thread(zlib.compress, body, 6, 31)
        headers |= {hdrs.CONTENT_ENCODING: "gzip", hdrs.VARY: "Accept-Encoding"}
    return web.Response(body=body, headers=headers)


def _number(request: web.Request, name: str) -> int | None:
    given = request.query.get(name)
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 15):  # noqa: PLR2004  (what a double holds)
        raise web.HTTPBadRequest(text=f"{name} must be a whole number\n")
    return int(given)


async def _protect(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)


@web.middleware
async def _own_host(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse a page of the web whose name was made to point to this machine (DNS rebinding)."""
    if not _is_loopback(urlsplit(f"//{request.host}").hostname or ""):
        raise web.HTTPMisdirectedRequest(text="this server answers to localhost only\n")
    return await handler(request)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
