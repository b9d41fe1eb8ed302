"""What a caller may know about an actor from outside the document."""

from __future__ import annotations

from dataclasses import dataclass

from streams.records import EntityType


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownActor:
    """An actor that the caller already knows, under the name it is passed with.

    ``country`` is an ISO 3166-1 alpha-3 code or EUU, NAT, UNO, IGO; ``role`` a PLOVER sector.
    """

    name: str
    country: str | None = None
    role: str | None = None
    id: str | None = None
    type: EntityType = "person"
