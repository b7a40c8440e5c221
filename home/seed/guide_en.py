"""The help guide in English, short."""

from home.seed.blocks import bullets, note, paragraph, rules, screen, section, steps

TITLE = "Guide"
SEO_TITLE = "Guide to the electronic service desk"
DESCRIPTION = "Step by step: your letter, signing in, sending, the receipt, tracking and the answer."
INTRODUCTION = "From preparing your letter to reading the answer, step by step."
VERSION = "1.0"

SECTIONS = [
    section(
        "Before you start",
        "before",
        paragraph("Have a phone of your own that receives SMS, and your signed letter in one file."),
        note("Any browser will do, on a phone or a computer. There is nothing to install."),
    ),
    section(
        "Signing in",
        "sign-in",
        steps(
            ("Choose “Sign in and send a request” on the home page", ""),
            ("Give your mobile number and the digits in the picture", "You can listen to them, too.", "sign-in"),
            ("Choose “Get the code”", "A code of six digits comes by SMS and is good for two minutes."),
            ("Type the code and choose “Enter the system”", ""),
        ),
        note("Never tell anybody your code. We do not ask for it.", kind="warning"),
    ),
    section(
        "Sending a request",
        "send",
        paragraph(
            "Give your full name, the subject and the receiving unit, choose the file of your letter, and send it.",
            "So it is with the general letter. Other services ask their own questions, and most need no letter beside.",
        ),
        screen("form", "The form, filled in"),
        rules("Rules for sending"),
        note("If something is missing, the page says what to do; your text and an accepted file stay."),
    ),
    section(
        "Receipt and tracking code",
        "receipt",
        paragraph(
            "The receipt shows your tracking code, the date, and what you sent. Print it, copy the code, or keep "
            "its address."
        ),
        screen("receipt", "The receipt"),
    ),
    section(
        "Tracking and colours",
        "track",
        paragraph(
            bullets(
                "<b>Blue, “In review”</b>: the unit has your letter; there is no final answer yet.",
                "<b>Green, “Answered”</b>: the final answer is there to read.",
            )
        ),
        screen("letters", "Your letters"),
    ),
]
