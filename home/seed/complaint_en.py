"""The service page of complaints in English."""

from home.seed.blocks import bullets, prose

TITLE = "Complaint or criticism"
DESCRIPTION = "A complaint about the work or manners of a unit of the municipality, or a proposal to make it better."

VALUES = {
    "summary": "Unhappy with the work, manners or delay of a unit? Write; somebody from outside looks into it.",
    "description": prose(
        "Your complaint gets a file of its own. The head of the unit and the inspector read it and give you reasons.",
        "Criticism and proposals are welcome here too, and are answered.",
    ),
    "audience": "All citizens and businesses",
    "life_event": "Unhappy with an answer or with manners",
    "what_to_prepare": bullets(
        "What happened, where, and on which day",
        "The tracking code of your earlier letter, if there is one",
        "Photographs or documents, if you have any; all in one file",
    ),
    "steps": (
        "<ol><li>Sign in and choose the unit that you complain about.</li>"
        "<li>Send letter and documents in one file, and take your tracking code.</li>"
        "<li>The inspector hears both sides.</li>"
        "<li>We write the result with its reasons; you get an SMS.</li></ol>"
    ),
    "promised_days": 15,
    "visits": 0,
    "cost": "Free of charge",
    "legal_basis": prose("Looking into complaints is a duty of every public body."),
    "frequency": "Whenever needed",
}
