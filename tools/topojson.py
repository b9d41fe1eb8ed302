"""Outlines of a TopoJSON file, in degrees: what the tools that read one share."""

from __future__ import annotations

from typing import Any

#: Longitude and latitude.
Degrees = tuple[float, float]


def arcs(atlas: dict[str, Any]) -> list[list[Degrees]]:
    """Return the arcs of a file."""
    (kx, ky), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    found = []
    for arc in atlas["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * kx + tx, y * ky + ty))
        found.append(line)
    return found


def line_of(numbers: list[int], lines: list[list[Degrees]]) -> list[Degrees]:
    """Return the line that arcs make in a row; the number of one that is walked backwards is inverted."""
    degrees: list[Degrees] = []
    for number in numbers:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        degrees += line if not degrees else line[1:]
    return degrees


def polygons_of(shape: dict[str, Any]) -> list[list[list[int]]]:
    """Return the polygons of a shape: lists of rings, each a list of arcs."""
    found: list[list[list[int]]] = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    return found
