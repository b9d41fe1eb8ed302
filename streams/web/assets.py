"""The page's own files, read once and kept compressed; nothing else can be asked for."""

from __future__ import annotations

import gzip
import hashlib
from importlib.resources import files
from typing import NamedTuple

from aiohttp import hdrs, web

_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}


class Asset(NamedTuple):
    """One file as it is sent."""

    plain: bytes
    packed: bytes
    content_type: str
    tag: str


def load() -> dict[str, Asset]:
    """Return every file of the page by its name."""
    folder = files(__package__) / "static"
    found = {}
    for file in folder.iterdir():
        kind = file.name.rpartition(".")[2]
        if kind in _TYPES:
            plain = file.read_bytes()
            tag = hashlib.sha256(plain).hexdigest()[:16]
            found[file.name] = Asset(plain, gzip.compress(plain, 9, mtime=0), _TYPES[kind], tag)
    return found


def answer(asset: Asset, request: web.Request) -> web.Response:
    """Return the file, packed where the browser takes it, or that it has not changed."""
    headers = {
        hdrs.ETAG: f'"{asset.tag}"',
        hdrs.CACHE_CONTROL: "no-cache",
        hdrs.VARY: "Accept-Encoding",
        hdrs.CONTENT_TYPE: asset.content_type,
    }
    if asset.tag in request.headers.get(hdrs.IF_NONE_MATCH, ""):
        return web.Response(status=304, headers=headers)
    if "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
        return web.Response(body=asset.packed, headers=headers | {hdrs.CONTENT_ENCODING: "gzip"})
    return web.Response(body=asset.plain, headers=headers)
