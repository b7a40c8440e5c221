"""The service page of the general letter in English."""

from home.seed.blocks import bullets, prose

TITLE = "General letter"
DESCRIPTION = "A letter to any unit of the municipality, for whatever has no service of its own."

VALUES = {
    "summary": "For whatever has no service of its own. Write your letter; we bring it to the unit you choose.",
    "description": prose(
        "A letter to the municipality that finds its way to the right unit and gets a written answer."
    ),
    "audience": "All citizens and businesses",
    "life_event": "Whenever you have to do with the municipality",
    "what_to_prepare": bullets(
        "A letter with your name, address and request",
        "The same letter in one file: a photograph, PDF or ZIP",
        "A phone that receives SMS",
    ),
    "steps": (
        "<ol><li>Sign in with your mobile number.</li><li>Give your name, subject and unit, and choose the file.</li>"
        "<li>Take your tracking code.</li><li>The unit looks into it; an SMS tells you when it has answered.</li></ol>"
    ),
    "promised_days": 10,
    "time_needed": "",
    "visits": 0,
    "cost": "Free of charge",
    "legal_basis": prose("Answering letters of citizens is a duty of every public body."),
    "frequency": "Whenever needed",
}
