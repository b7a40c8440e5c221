"""The home page in English, short."""

from home.seed.blocks import block, bullets, prose, questions, steps

TITLE = "Home"
SEO_TITLE = "Electronic service desk"
DESCRIPTION = "Send your request to the municipality of Avishanrud, get a tracking code, and read the answer here."

BODY = [
    block(
        "lead",
        heading="Send your letter from home",
        text="We bring your request to the unit you choose. You get a tracking code at once and read the answer here.",
        button="Sign in and send a request",
        track_link="Track a request",
    ),
    block(
        "facts",
        heading="At a glance",
        facts=[
            {
                "title": "What do I need?",
                "text": bullets("Your letter or papers, as files", "A phone that receives SMS"),
            },
            {"title": "How long does it take?", "text": prose("Sending takes about five minutes.")},
            {"title": "Does it cost anything?", "text": prose("No. Sending and tracking are free.")},
        ],
    ),
    block("services", heading="Services", text="Open the one you want, to see what it needs and how long it takes."),
    steps(
        ("Get your letter or papers ready", "A clear photograph from your phone will do."),
        ("Sign in with your mobile number", "A code comes by SMS; there is no account and no password."),
        ("Send your request", "Answer the questions of the form, add the file, and take your tracking code."),
        ("Read the answer", "You get an SMS when it is there, and your request turns green."),
        heading="Four steps to the answer",
    ),
    block("news", heading="News", count=3),
    questions(
        "Common questions",
        ("How do I know that my letter arrived?", "You see a receipt with a tracking code, and get it by SMS as well."),
        ("My letter has several pages.", "Put them into one PDF or one ZIP."),
    ),
]
