"""What encoders made of texts that they did not see: the file that the training keeps it in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.classify.features import coded_text
from training import unseen
from training.rows import OWN, read_own

ODDS = st.tuples(*[st.integers(-150, 150).map(lambda tenths: tenths / 10)] * 5)


@given(st.dictionaries(st.text().map(unseen.key), ODDS, max_size=5))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, odds: dict[str, unseen.Odds]
) -> None:
    path = tmp_path_factory.mktemp("unseen") / "unseen.tsv"
    unseen.save(odds, path)
    assert unseen.load(path) == odds


def test_without_the_file_the_command_that_writes_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"training\.encoder --folds"):
        unseen.load(tmp_path / "unseen.tsv")


def test_a_text_that_was_not_read_asks_for_a_new_file() -> None:
    odds = {unseen.key("read"): (1.0, 2.0, 3.0, 4.0, 5.0)}
    assert unseen.of("read", odds) == (1.0, 2.0, 3.0, 4.0, 5.0)
    with pytest.raises(SystemExit, match=r"run training\.encoder --folds again"):
        unseen.of("not read", odds)


def test_every_text_of_ours_was_read() -> None:
    odds = unseen.load()
    rows = read_own(OWN / "headlines-own.tsv")
    assert [r for r in rows if unseen.key(coded_text(r.enriched)) not in odds] == []
