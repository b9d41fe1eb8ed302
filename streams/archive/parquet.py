"""Pages in Parquet files, as data sets of news have them; reading is by Arrow, of the extra ``parquet``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streams.errors import ConfigurationError, InvalidRecord

SUFFIX = ".parquet"
#: Columns with the page itself, the first that is there; the others are those of a RawPage.
BODIES = ("html", "text", "body")
_OTHERS = ("url", "id", "encoding", "content_type", "fetched_at", "publisher", "headers")
_ROWS = 64


def rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number and columns of each row of a file of pages.

    Raises:
        ConfigurationError: Arrow is not installed.
        InvalidRecord: the file is damaged or cut off, or has no pages; what came before it was yielded.
    """
    try:
        from pyarrow import ArrowException  # noqa: PLC0415  (an extra)
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415
    except ImportError as error:
        raise ConfigurationError(
            "Parquet files need Arrow: install dateline[parquet], or `make setup-parquet`"
        ) from error
    number = 0
    try:
        with ParquetFile(path) as file:
            names = file.schema_arrow.names
            body = next((name for name in BODIES if name in names), None)
            if "url" not in names or body is None:
                raise InvalidRecord(
                    f"{path}: no Parquet file of pages: it has {', '.join(names)}; "
                    f"wanted are url and one of {', '.join(BODIES)}"
                )
            wanted = [name for name in (body, *_OTHERS) if name in names]
            for batch in file.iter_batches(batch_size=_ROWS, columns=wanted):
                for row in batch.to_pylist():
                    number += 1
                    yield number, {name: value for name, value in row.items() if value is not None}
    except (ArrowException, OSError) as error:
        raise InvalidRecord(f"{path}: damaged or cut off after row {number:,}: {error}") from error
