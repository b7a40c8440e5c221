"""The service page of an expert's visit in English."""

from home.seed.blocks import bullets, prose

TITLE = "Visit by an expert"
DESCRIPTION = "An expert of the municipality comes to the place: roads and lamps, buildings, trees and parks, water."

VALUES = {
    "summary": "Something has to be seen where it is? Give the address, and an expert of the unit comes.",
    "description": prose(
        "For sinking ground, a dangerous tree, a cracked pavement and the like, a letter alone is not enough.",
        "When we have read it, our first answer tells you the time of the visit.",
    ),
    "audience": "Citizens, managers of buildings and businesses of the town",
    "life_event": "Home and neighbourhood",
    "what_to_prepare": bullets(
        "The exact address, with a number or a landmark nearby",
        "A photograph of what is to be seen",
        "Your letter and the photographs, all in one file",
    ),
    "steps": (
        "<ol><li>Sign in and choose the unit.</li>"
        "<li>Send letter and photographs in one file, and take your tracking code.</li>"
        "<li>The unit writes when it will come; you get an SMS.</li>"
        "<li>The expert comes, and you read the result in the final answer.</li></ol>"
    ),
    "promised_days": 7,
    "time_needed": "The visit itself: within three days of the first answer",
    "visits": 0,
    "cost": "Free of charge",
    "legal_basis": prose("Roads and parks are in the care of the municipality."),
    "frequency": "Whenever needed",
}
