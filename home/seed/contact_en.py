"""The contact page in English."""

from home.seed.blocks import block, text

TITLE = "Contact"
DESCRIPTION = "Address, hours and telephone of the municipality of Avishanrud and of each of its units."
INTRODUCTION = "For most things a letter from home is enough. Should you want to come or ring, here is how."
BODY = [
    block(
        "contact",
        heading="Municipality",
        address="Town hall, First Street, Willow Square, Avishanrud",
        telephone="000-00000000",
        hours=[
            {"days": "Saturday to Wednesday", "hours": "7:30 to 14:30"},
            {"days": "Thursday", "hours": "7:30 to 12"},
            {"days": "Electronic service desk", "hours": "Always open"},
        ],
        note="This town, its address and its number are made up, to show the system.",
    ),
    block("units", heading="Units"),
    text("Before you ring", "Have your tracking code ready. Answers are not read out on the telephone."),
]
