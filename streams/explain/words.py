"""What the coder's own terms mean, in words a reader understands."""

from __future__ import annotations

import re

_FOUND_BY = {
    "gazetteer": "a name of the gazetteer",
    "nationality": "a word for the people of a country",
    "role-pattern": "role words beside a name",
    "learned": "named in full, with a role, elsewhere in this document",
    "known": "known from outside the document: the actors file or what the stream taught",
    "city": "a city's name, with words around it or a size that speak for a place",
}
_METHODS = {
    "explicit": "written with its year",
    "partial": "written without a year: the nearest one to the day of writing",
    "relative": "reckoned from the day of writing",
}
# Mentions stand in the model's words as <country>, <leader> and so on; ">" alone joins topics in order.
_TOPIC = re.compile(r"<\w+>|[^<>&]+")
_RULES = {"s-": "source", "-t": "target", "st": "both", "--": "neither"}
_MANY = "3"
_FEW = 4
_VOICES = {(True, True): "verb, passive", (True, False): "verb, active"}


def short(phrase: str) -> str:
    """Return a phrase of the lexicon with the first few of its alternatives."""
    shown = (alternatives.split("/") for alternatives in phrase.split(" "))
    return " ".join("/".join(words[:_FEW]) + ("/…" if len(words) > _FEW else "") for words in shown)


def found_by(how: str) -> str:
    """Say how an entity was found."""
    return _FOUND_BY.get(how, how)


def method(name: str) -> str:
    """Say how a date was found."""
    return _METHODS.get(name, name)


def voice(*, verb: bool, passive: bool) -> str:
    """Say how an act is told."""
    return _VOICES.get((verb, passive), "noun")


def feature(term: str) -> str:
    """Say what a feature of the class model or of the gate is."""
    if term.startswith("!"):
        return f"act {term[1:]}"
    if term.startswith("%"):
        return _topic(term[1:])
    if term.startswith("@"):
        return _standing(term)
    if term.startswith("#"):
        return f"letters “{term[1:]}”"
    if " " in term:
        return f"words “{term.replace('^', '[start]').replace('$', '[end]').replace(' ', ' · ')}”"
    return f"word “{term}”"


def side(term: str) -> str:
    """Say what a feature of the scorer of sides is."""
    told = " ".join(_RULES.get(word.rstrip("!"), word) for word in term.strip(" :").split(" "))
    return "any actor" if told == "bias" else told


def _topic(topics: str) -> str:
    if topics.startswith("@"):
        return f"{_standing(topics)} (beside topics)"
    joined = " + " if "&" in topics else " then "
    return f"topic {joined.join(_TOPIC.findall(topics))}"


def _standing(term: str) -> str:
    name, _, value = term.partition("=")
    if name == "@states":
        return f"{value} states or bodies named" + (" or more" if value == _MANY else "")
    return f"an actor of the sector {value}"
