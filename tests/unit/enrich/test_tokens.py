"""The keys that names are looked up by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.corrections import NONE
from streams.enrich.cities import _keys
from streams.enrich.tables import read_table
from streams.enrich.tokens import key_of, tokenise

_NAMES = st.text(alphabet=st.sampled_from("aBé'’s. -–&\nİß1_"), max_size=24) | st.text(max_size=24)


@given(_NAMES)
def test_a_name_has_the_key_that_it_has_in_a_text(name: str) -> None:
    assert key_of(name) == " ".join(tokenise(name).keys)


def test_cities_have_the_key_that_their_names_have_in_a_text() -> None:
    names = sorted({row["name"] for row in read_table("cities.tsv", NONE)})
    assert _keys(names) == [key_of(name) for name in names]
