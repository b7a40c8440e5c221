"""The accessibility statement in English."""

from home.seed.blocks import bullets, text

TITLE = "Accessibility"
DESCRIPTION = "This site is made for everybody; tell us where it is not."
INTRODUCTION = "The desk is open to all: to any eye, hand, phone and line."
BODY = [
    text(
        "What we have done",
        bullets(
            "Everything works by keyboard, and you always see where you are.",
            "Screen readers say the name of each part, box and error.",
            "Make the text twice as large; nothing leaves the screen.",
            "No news is told by colour alone; there is a sign and a word too.",
            "The security code can be heard, and there is a second way without a picture.",
            "The site works without JavaScript and on old phones.",
        ),
    ),
    text(
        "What is still missing",
        "Files that citizens and staff attach are not always ready for screen readers. If you cannot read an answer, "
        "write to us; we send you its text.",
    ),
    text(
        "What we measure by",
        "Level AA of WCAG 2.2: with tools, by keyboard, in light, dark and high contrast. We measure ourselves; there "
        "is no certificate from outside yet.",
    ),
    text("Tell us", "Stuck somewhere? Write a general letter or come to the registry. We mend it."),
]
