"""What the acts of a text tell the models: which triggers stand where, with whom beside them.

The type model and the gate of events count these beside the words of the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from streams.classify.candidates import Candidate, Parse


def act_features(parsed: Parse) -> set[str]:
    """Return the features of a text's candidates; one of its own when there is none."""
    found = parsed.candidates
    if not found:
        return {"!no act"}
    result = {feature for candidate in found for feature in _features(candidate, parsed)}
    result |= {f"!first {reading}" for reading in _readings(found[0])}
    finite = next((c for c in found if c.trigger.act.verb and not _infinitive(c, parsed)), None)
    if finite is not None:
        result.add(f"!finite {_kind(finite)}")
    return result


def _kind(candidate: Candidate) -> str:
    act = candidate.trigger.act
    return f"{act.type} {act.event_class or '-'}"


def _readings(candidate: Candidate) -> tuple[str, str]:
    kind = _kind(candidate)
    return kind, f"{'verb' if candidate.trigger.act.verb else 'noun'} {kind}"


def _infinitive(candidate: Candidate, parsed: Parse) -> bool:
    start = candidate.trigger.start
    return start > 0 and parsed.tokens[start - 1].lower == "to"


def _features(candidate: Candidate, parsed: Parse) -> Iterator[str]:
    trigger, tokens, kind = candidate.trigger, parsed.tokens, _kind(candidate)
    for reading in _readings(candidate):
        yield f"!{reading}"
    whole = trigger.words == trigger.end - trigger.start
    words = " ".join(t.lower for t in tokens[trigger.start : trigger.end if whole else trigger.start + 1])
    yield f"!by {words}"
    yield f"!by {words}, {_after(trigger.end, parsed)}"
    yield f"!{kind} of {bool(candidate.source)} to {bool(candidate.target)}"
    if trigger.passive:
        yield f"!passive {kind}"
    if candidate.modality != "asserted":
        yield f"!{candidate.modality} {kind}"


def _after(at: int, parsed: Parse) -> str:
    if at >= len(parsed.tokens):
        return "$"
    return "<name>" if any(m.start == at for m in parsed.mentions) else parsed.tokens[at].lower
