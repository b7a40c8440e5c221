"""The ready services as the made-up municipality offers them: what is no part of their files."""

from dataclasses import dataclass, field

from home.seed.units import BUILDINGS, LIGHTS, PARKS, WATER


@dataclass(frozen=True)
class Offer:
    """units: the names of those that take its letters; none means all. code, yearly_count: of the service sheet.
    routes: {unit: the choices of its first question, by their numbers from 0, of which the letters go there}; the last
    unit gets the rest."""

    code: str
    yearly_count: int
    units: tuple[str, ...] = ()
    routes: dict[str, tuple[int, ...]] = field(default_factory=dict)


# By the names of their files, in the order of the home page.
OFFERS = {
    "visit": Offer(
        "AV-1003",
        620,
        (WATER, LIGHTS, BUILDINGS, PARKS),
        {LIGHTS: (0, 1), PARKS: (2,), WATER: (4,), BUILDINGS: ()},
    ),
    "complaint": Offer("AV-1002", 240),
    "water-connection": Offer("AV-1004", 310, (WATER,)),
    "sign-permit": Offer("AV-1005", 180, (BUILDINGS,)),
    "park-event": Offer("AV-1006", 75, (PARKS,)),
    "information": Offer("AV-1007", 40),
}
