"""The shipped tables are right, and every kind of mistake in an operator's is found, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams import corrections
from streams.checking import checked, problems, shipped_problems
from streams.corrections import NONE, Corrections
from streams.errors import ConfigurationError

ORGANISATIONS = "names\ttype\tcode\trole\tqid\n"
LEADERS = "names\tcode\trole\toffice\tfrom\tto\n"
CITIES = "name\tcode\tadmin1\tlat\tlon\tpopulation\tgeonames\n"


def test_every_shipped_table_is_right() -> None:
    assert list(map(str, shipped_problems())) == []


@pytest.mark.parametrize(
    ("name", "text", "line", "what"),
    [
        ("lexicon.tsv", "# one\nACCUSE\t-\t111\td\tv", 2, "5 columns instead of 6"),
        ("lexicon.tsv", "ACUSE\t-\t111\td\tv\tblame", 1, "unknown PLOVER type"),
        ("lexicon.tsv", "ACCUSE\tshout\t111\td\tv\tblame", 1, "no mode"),
        ("lexicon.tsv", "ACCUSE\t-\t11.1\td\tv\tblame", 1, "not a CAMEO code"),
        ("lexicon.tsv", "ACCUSE\t-\t111\td\tv\tBlame", 1, "lower case"),
        ("lexicon.tsv", "ACCUSE\t-\t111\td\tv\tblame …", 1, "says nothing"),
        ("lexicon.tsv", "ACCUSE\t-\t111\td\tv\tblame the//a", 1, "empty alternative"),
        (
            "lexicon.tsv",
            "ACCUSE\t-\t111\td\tv\trail at\nREJECT\t-\t12\td\tv\trail at",
            2,
            "in line 1 already",
        ),
        ("lexicon.tsv", "-\tno such phrase", 1, "cannot be taken away"),
        ("organisations.tsv", "names\ttype\nX Y Org\tgroup", 1, "names the columns"),
        ("organisations.tsv", ORGANISATIONS + "Blue Zebras\tgroup\tXYZ\tREB\t", 2, "no such code"),
        ("organisations.tsv", ORGANISATIONS + "Blue Zebras\tclub\tRUS\tREB\t", 2, "no such entity type"),
        ("organisations.tsv", ORGANISATIONS + "Blue Zebras\tgroup\tRUS\tBOSS\t", 2, "no such sector"),
        ("organisations.tsv", ORGANISATIONS + "Blue Zebras\tgroup\tRUS", 2, "3 cells where 5 belong"),
        (
            "organisations.tsv",
            ORGANISATIONS + "Blue, Zebras\tgroup\tRUS\tREB\t",
            2,
            "never match: ', ' parts",
        ),
        (
            "organisations.tsv",
            ORGANISATIONS + "A Bc\tgroup\tRUS\t\t\nA Bc\tgroup\tUSA\t\t",
            3,
            "in line 2 already",
        ),
        ("organisations.tsv", "-\tNo Such Body", 1, "cannot be taken away"),
        ("metonyms.tsv", "names\tcode\trole\tqid\nReuters\tGBR\tGOV\t", 2, "comes before it"),
        ("leaders.tsv", LEADERS + "Ann Ex\tRUS\tGOV\tpresident\t2020\t2019", 2, "years out of order"),
        ("demonyms.tsv", "code\twords\nEUU\tEuropoid", 2, "no such territory"),
        ("cities.tsv", CITIES + "Xville\tRUS\t\t95\t0\t\t", 2, "off the globe"),
        ("cities.tsv", CITIES + "Xville\tRUS\t\t5\t0\tmany\t", 2, "population is a whole number"),
        ("city_aliases.tsv", "aliases\tname\tcode\nXv\tXville\tRUS", 2, "cities.tsv has no 'Xville' in RUS"),
        ("words.tsv", "word\trule\nblue zebra\tcap", 2, "more than one word"),
        ("roles.tsv", "phrases\tkind\trole\nzebra-in-chief\tboss\tGOV", 2, "title or body"),
        ("territories.tsv", "x", 0, "no table of this name"),
    ],
)
def test_a_mistake_is_found_where_it_stands(name: str, text: str, line: int, what: str) -> None:
    found = problems(Corrections.of({name: text}))
    assert [problem for problem in found if problem.line == line and what in problem.what], found
    assert all(problem.file == name for problem in found)


def test_what_is_right_has_no_problem() -> None:
    given = {
        "lexicon.tsv": "-\thail\n"
        "ACCUSE\t-\t111\td\tv\trail at; throw … mud/dirt\n"
        "ACCUSE\t-\t111\td\tv\thail\n",
        "organisations.tsv": f"# ours\n{ORGANISATIONS}-\tReuters\nBlue Zebras|BZs\tgroup\tRUS\tREB\t\n",
        "leaders.tsv": f"{LEADERS}Ann Ex|~Ex\tRUS\tGOV\tpresident\t2020\t\n",
        "cities.tsv": f"{CITIES}Xville\tRUS\t\t5\t0\t\t\n",
        "city_aliases.tsv": "aliases\tname\tcode\nXv\tXville\tRUS\nBig Apple\tNew York City\tUSA\n",
    }
    assert problems(Corrections.of(given)) == []
    assert problems(NONE) == []


def test_a_folder_is_read_or_refused_with_its_lines(tmp_path: Path) -> None:
    assert checked(None) == NONE
    assert checked(tmp_path) == NONE
    (tmp_path / "notes.txt").write_text("not a table")
    (tmp_path / "lexicon.tsv").write_bytes("\ufeffACCUSE\t-\t111\td\tv\trail at\r\n".encode())
    one = checked(tmp_path)
    assert one.digest == checked(tmp_path).digest != NONE.digest
    (tmp_path / "lexicon.tsv").write_text("ACUSE\t-\t111\td\tv\trail at\n" * 9)
    with pytest.raises(
        ConfigurationError, match=r"lexicon\.tsv:1: unknown PLOVER type.* and 4 more"
    ) as raised:
        checked(tmp_path)
    assert str(tmp_path) in str(raised.value)
    (tmp_path / "lexicon.tsv").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        checked(tmp_path)
    with pytest.raises(ConfigurationError, match="is no folder"):
        checked(tmp_path / "elsewhere")


def test_a_folder_of_more_than_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lexicon.tsv").write_text("#" * corrections.MAX_BYTES + "\n")
    with pytest.raises(ConfigurationError, match="more than"):
        corrections.read(tmp_path)


def test_the_digest_tells_names_from_texts() -> None:
    assert Corrections.of({"a": "bc"}) != Corrections.of({"ab": "c"})
    assert Corrections.of({"a": "b", "c": "d"}) == Corrections.of({"c": "d", "a": "b"})
    assert Corrections.of({}) is NONE
    assert Corrections.of({"a": "b"}).only(frozenset({"c"})) is NONE
