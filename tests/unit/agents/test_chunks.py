"""Records are spread over the compute processes in bounded slices, each once and in order."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from streams.agents.compute import chunks
from streams.agents.work import Item

ITEMS, BYTES = 32, 2 * 1024 * 1024


def items(sizes: list[int]) -> list[Item]:
    return [Item(bytes(size), {}, "pages.raw", 0, n) for n, size in enumerate(sizes)]


@given(
    st.lists(st.sampled_from([0, 1, 1000, BYTES // 3, BYTES, BYTES + 1]), max_size=120), st.integers(1, 16)
)
@example([0] * 1000, 1)
@example([BYTES + 1] * 3, 1)
def test_slices_cover_all_items_in_order_and_are_bounded(sizes: list[int], processes: int) -> None:
    given_items = items(sizes)
    slices = list(chunks(given_items, processes))
    assert [item.offset for part in slices for item in given_items[part]] == list(range(len(sizes)))
    for part in slices:
        held = sizes[part]
        assert 1 <= len(held) <= ITEMS
        assert len(held) == 1 or sum(held) <= BYTES
        assert len(held) <= max(1, -(-len(sizes) // processes))


def test_small_records_are_spread_evenly() -> None:
    parts = list(chunks(items([10] * 16), 4))
    assert [part.stop - part.start for part in parts] == [4, 4, 4, 4]


def test_nothing_gives_no_slice() -> None:
    assert list(chunks([], 2)) == []
