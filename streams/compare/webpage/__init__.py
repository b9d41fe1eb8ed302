"""A comparison as one HTML file: it asks nobody, reads without scripts, is dark where its reader is."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from streams.compare.report import Report
from streams.compare.webpage import sections
from streams.markup import Safe, el

_SECTIONS = (
    sections.header,
    sections.totals,
    sections.verdict,
    sections.groups,
    sections.fields,
    sections.examples,
)


def webpage(report: Report) -> str:
    """Return the page; texts of news pages stand in it as text only."""
    style, script = _file("report.css"), _file("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    # Whatever a text could smuggle in, nothing but our own script runs and nothing is loaded.
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'"
    title = f"{report.a.name} → {report.b.name}: {report.totals.differing:,} differences"
    head = (
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", title),
        el("style", Safe(style)),
    )
    body = (*(section(report) for section in _SECTIONS), sections.footer(), el("script", Safe(script)))
    return f"<!doctype html>\n{el('html', el('head', *head), el('body', el('main', *body)), lang='en')}\n"


def _file(name: str) -> str:
    return (files(__name__) / name).read_text("utf-8")
