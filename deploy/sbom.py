"""Print what an environment holds as CycloneDX 1.6 (JSON): ``python deploy/sbom.py``.

The Dockerfile runs it in the environment it has just built, so the list is of what is there, and the same
environment always gives the same list. Standard library only: nothing is installed for it.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import Distribution, distributions
from typing import Any

PROJECT = "dateline"
_REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)([^;]*)(;.*)?$")


def normal(name: str) -> str:
    """Return a distribution's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _licences(found: Distribution) -> list[dict[str, Any]]:
    fields = ("License-Expression", "License", "Classifier")
    expression, written, classifiers = (found.metadata.get_all(field) or [] for field in fields)
    if expression:
        return [{"expression": expression[0]}]
    names = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License")]
    # Some put the whole text of their licence where its name should be.
    names = names or [name for name in written if name and "\n" not in name]
    return [{"license": {"name": name}} for name in names]


def _component(found: Distribution) -> dict[str, Any]:
    name = normal(found.metadata["Name"])
    purl = f"pkg:pypi/{name}@{found.version}"
    component = {
        "type": "application" if name == PROJECT else "library",
        "bom-ref": purl,
        "name": name,
        "version": found.version,
        "purl": purl,
    }
    licences = _licences(found)
    return component | ({"licenses": licences} if licences else {})


def _needs(found: Distribution) -> set[str]:
    """Return the distributions that one names; those of its extras and of other platforms may be absent."""
    matches = (_REQUIREMENT.match(line) for line in found.requires or ())
    return {normal(match[1]) for match in matches if match and "extra" not in (match[3] or "")}


def bill() -> dict[str, Any]:
    """Return the bill of materials of this environment."""
    found = {normal(d.metadata["Name"]): d for d in distributions()}
    refs = {name: f"pkg:pypi/{name}@{d.version}" for name, d in found.items()}
    whole = {"metadata": {"component": _component(found[PROJECT])}} if PROJECT in found else {}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        **whole,
        "components": [_component(found[name]) for name in sorted(found) if name != PROJECT],
        "dependencies": [
            {
                "ref": refs[name],
                "dependsOn": sorted(refs[need] for need in _needs(found[name]) if need in refs),
            }
            for name in sorted(found)
        ],
    }


if __name__ == "__main__":
    print(json.dumps(bill(), indent=1, ensure_ascii=False))
