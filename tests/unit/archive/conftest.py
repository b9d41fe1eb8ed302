"""The forms of files that archives have, where what they need is installed."""

from __future__ import annotations

import pytest

from streams.archive.forms import FORMS


@pytest.fixture(params=list(FORMS))
def form(request: pytest.FixtureRequest) -> str:
    pytest.importorskip({"warc": "fastwarc", "parquet": "pyarrow"}.get(request.param, "zstandard"))
    return str(request.param)
