"""The ready services as the made-up municipality offers them: what is no part of their files."""

from dataclasses import dataclass

from home.seed.units import BUILDINGS, LIGHTS, PARKS, WATER


@dataclass(frozen=True)
class Own:
    """units: the names of those that take its letters; none means all. code, yearly_count: of the service sheet."""

    code: str
    yearly_count: int
    units: tuple[str, ...] = ()


# By the names of their files, in the order of the home page.
SERVICES = {
    "visit": Own("AV-1003", 620, (WATER, LIGHTS, BUILDINGS, PARKS)),
    "complaint": Own("AV-1002", 240),
    "water-connection": Own("AV-1004", 310, (WATER,)),
    "sign-permit": Own("AV-1005", 180, (BUILDINGS,)),
    "park-event": Own("AV-1006", 75, (PARKS,)),
    "information": Own("AV-1007", 40),
}
