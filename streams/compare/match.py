"""Which event of one run is which of the other.

An event id is a hash of document, class, type, actors and evidence span, so a coder that reads an actor
or a type otherwise gives another id to what a person calls the same event. Three rounds find it again,
each over what the one before left:

1. **the same id**;
2. **the same document**: its id hashes its text, so spans are comparable. First the same trigger words
   (an act is the words that say it), with class and type, then type, then class, then alone; then
   the same evidence sentence with class and type, then with the type. Another act in the same sentence
   is another event.
3. **the same page and sentence**, where parse reads the document otherwise and its id and spans moved: the
   evidence as text, and the trigger's place in it, in the same order.

Within one key events are paired in the order of their ids. Every step looks keys up, so no input makes
it quadratic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from streams.compare.heads import Head, Kept
from streams.ids import normalise

Key = tuple[object, ...]
#: Two keys of an event: of its trigger words, and of its evidence sentence.
Keys = Callable[[Head], tuple[Key, Key]]
Pair = tuple[Kept, Kept]


def in_document(head: Head) -> tuple[Key, Key]:
    """Return the keys of events of one document."""
    trigger, evidence = head.spans.trigger, head.spans.evidence
    return (head.document_id, trigger.start, trigger.end), (head.document_id, evidence.start, evidence.end)


def on_page(head: Head) -> tuple[Key, Key]:
    """Return the keys of events of one page, whatever its text is read as."""
    trigger, start = head.spans.trigger, head.spans.evidence.start
    sentence = (head.page, normalise(head.evidence))
    return (*sentence, trigger.start - start, trigger.end - start), sentence


#: What is added to the key of the trigger (True) or of the sentence.
_STEPS: tuple[tuple[bool, Callable[[Head], Key]], ...] = (
    (True, lambda head: (head.event_class, head.type)),
    (True, lambda head: (head.type,)),
    (True, lambda head: (head.event_class,)),
    (True, lambda _: ()),
    (False, lambda head: (head.event_class, head.type)),
    (False, lambda head: (head.type,)),
)


def pair(a: Sequence[Kept], b: Sequence[Kept], keys: Keys) -> tuple[list[Pair], list[Kept], list[Kept]]:
    """Pair events step by step; return the pairs, and what is left of each side."""
    left_a = [(kept, *keys(kept.head)) for kept in sorted(a, key=_id)]
    left_b = [(kept, *keys(kept.head)) for kept in sorted(b, key=_id)]
    pairs: list[Pair] = []
    for by_trigger, more in _STEPS:
        if not (left_a and left_b):
            break
        left_a, left_b = _step(left_a, left_b, by_trigger, more, pairs)
    return pairs, [kept for kept, *_ in left_a], [kept for kept, *_ in left_b]


_Keyed = tuple[Kept, Key, Key]


def _step(
    a: list[_Keyed], b: list[_Keyed], by_trigger: bool, more: Callable[[Head], Key], pairs: list[Pair]
) -> tuple[list[_Keyed], list[_Keyed]]:
    waiting: dict[Key, list[_Keyed]] = defaultdict(list)
    for keyed in reversed(b):
        waiting[(keyed[1] if by_trigger else keyed[2]) + more(keyed[0].head)].append(keyed)
    left = []
    for keyed in a:
        same = waiting.get((keyed[1] if by_trigger else keyed[2]) + more(keyed[0].head))
        if same:
            pairs.append((keyed[0], same.pop()[0]))
        else:
            left.append(keyed)
    if len(left) == len(a):
        return a, b
    return left, sorted((keyed for rest in waiting.values() for keyed in rest), key=lambda k: _id(k[0]))


def _id(kept: Kept) -> tuple[str, str]:
    return (kept.head.event_id, kept.head.page_url)
