"""The statement of service levels in English. Its figures come from the services' own pages."""

from home.seed.blocks import block, bullets, steps, text

TITLE = "Statement of service levels"
DESCRIPTION = "When each service is answered, what both sides owe, how we watch it, and what to do about a delay."
INTRODUCTION = "Our promise to you: when each service is answered, and what happens when we are late."
BODY = [
    text(
        "Purpose",
        "This statement says what to expect of the service desk. It is for everybody who sends a letter here.",
        "It holds from the day on which it was published, and is looked at again once a year.",
    ),
    text(
        "What we owe you",
        bullets(
            "We register your letter at once and give you a tracking code.",
            "You get a final answer with reasons within the time that we name.",
            "The timeline of your letter shows each move between units.",
            "We do not ask what we do not need, and look after your letter.",
        ),
    ),
    text(
        "What you owe us",
        bullets(
            "Sign in with your own number and name the subject clearly.",
            "Send a file that can be read; others make the answer late.",
            "Send soon what we ask for; that waiting is not counted.",
        ),
    ),
    block("promises", heading="The times that we promise"),
    text(
        "How we count",
        "From the working day after the letter. Thursdays, Fridays and public holidays are no working days.",
        "A letter that comes after hours counts from the next working morning.",
    ),
    text(
        "How we watch it",
        "The head of each unit sees its open letters daily, the oldest first. The news tell the times of answers every "
        "three months.",
    ),
    steps(
        (
            "Look at your letter at the desk",
            "Perhaps the answer is there, or the unit has asked you something.",
        ),
        ("Ring the unit", "Give the tracking code. The telephone number stands under “Contact”."),
        ("Send a complaint", "With the service for complaints and the tracking code. The inspector looks into it."),
        heading="When we are late",
    ),
]
