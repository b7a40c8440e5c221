"""The news in English: the same entries by their slugs."""

from dataclasses import dataclass

from home.seed.blocks import bullets, notice, text

TITLE = "News"
DESCRIPTION = "News of the municipality of Avishanrud: work in the town, hours, and what is new at the service desk."
INTRODUCTION = "Work in the town, new hours, and whatever else may be of use to you."


@dataclass(frozen=True)
class Words:
    """picture: what it shows, where the entry has one."""

    title: str
    introduction: str
    body: list
    picture: str = ""


ENTRIES = {
    "footbridge": Words(
        title="A footbridge over the Avishan is open",
        introduction="From this week on, the market is five minutes on foot from the quarter Baghsara.",
        picture="Drawing of a new arched bridge over the river, with poplars on both sides and hills far away",
        body=[
            text(
                "",
                "The bridge is for people on foot and on bicycles; its slope is gentle enough for wheelchairs.",
                "Its lamps are lit from dusk to dawn.",
            ),
            text(
                "How you can help",
                bullets(
                    "Ride slowly on the bridge.",
                    "Motorcycles and cars go another way: the old bridge stays open.",
                    "A lamp is out? Send a general letter to the unit for roads and lighting.",
                ),
            ),
        ],
    ),
    "building-hours": Words(
        title="New hours of the unit for buildings",
        introduction="It receives visitors from eight in the morning until one in the afternoon.",
        body=[
            text(
                "",
                "Few came in the last hours of the day, and many files were waiting. Shorter hours leave more time for "
                "letters.",
            ),
            notice("To send a letter you need not come; the electronic service desk is always open."),
        ],
    ),
    "pruning": Words(
        title="Winter pruning starts next week",
        introduction="The gardeners go from quarter to quarter; we name each street a day before.",
        body=[
            text(
                "Before they come",
                bullets(
                    "Take your car from under the trees of your street.",
                    "We carry the branches away; please keep them out of the gutters.",
                    "A tree stands near a power line? Write to us, and we come sooner.",
                ),
            ),
            text("", "A quarter takes three to five days. The work rests when it rains."),
        ],
    ),
    "desk-opens": Words(
        title="The electronic service desk has opened",
        introduction="From today on you send your letter to the municipality from home, and read the answer there.",
        body=[
            text(
                "",
                "Each letter has a tracking code, and you see where it is. An SMS tells you when it is answered.",
                "The registry stays open as before, and takes letters on paper.",
            ),
            notice("Our SMS never ask for a password or the number of a card.", kind="warning"),
        ],
    ),
}
