"""The ordinary page about the desk, in English."""

from home.seed.blocks import bullets, notice, text

TITLE = "About the service desk"
DESCRIPTION = "Who runs the electronic service desk of the municipality of Avishanrud, and what they promise."
INTRODUCTION = "This desk is here so that your business gets done without a journey."
BODY = [
    text(
        "Who we are",
        "Avishanrud is a small town by a river, and both are made up. The units of its municipality read your letters "
        "and answer them.",
    ),
    text(
        "What we promise",
        bullets(
            "A letter that has a receipt is not lost.",
            "Each letter is answered, with reasons, even if the answer is no.",
            "We speak plainly and with respect.",
            "What we do not need we do not ask.",
        ),
    ),
    notice("This page is an example. Editors can change all of its text in the admin."),
]
