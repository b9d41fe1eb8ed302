"""PLOVER's types: their modes and intensities, as the manual (2021 and later) gives them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

#: The CAMEO code of a type without more detail, for the types whose acts all lie under one root of CAMEO;
#: those of REQUEST (02, 10), ACCUSE (09, 11) and ASSAULT (18 to 20) do not. After the PLOVER manual's table.
GENERAL_CODES = {
    "AGREE": "030",
    "CONSULT": "040",
    "SUPPORT": "050",
    "COOPERATE": "060",
    "AID": "070",
    "CONCEDE": "080",
    "RETREAT": "080",
    "REJECT": "120",
    "THREATEN": "130",
    "PROTEST": "140",
    "MOBILIZE": "150",
    "SANCTION": "160",
    "COERCE": "170",
}


@cache
def _scores() -> dict[tuple[str, str | None], float]:
    text = (files("streams.classify") / "data" / "intensity.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {(kind, None if mode == "-" else mode): float(value) for kind, mode, value in rows}


def modes_of(plover_type: str) -> frozenset[str]:
    """Return the modes of a type; empty when it has none."""
    return frozenset(mode for kind, mode in _scores() if kind == plover_type and mode)


def intensity(plover_type: str, mode: str | None) -> float | None:
    """Return the intensity of a type in a mode, −10 to 10; that of the type when the mode has none."""
    scores = _scores()
    return scores.get((plover_type, mode), scores.get((plover_type, None)))
