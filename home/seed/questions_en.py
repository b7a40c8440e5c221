"""Questions and answers by subject, in English, short."""

from home.seed.blocks import subject

TITLE = "Questions and answers"
DESCRIPTION = "Common questions about signing in, sending a letter, tracking it, and your data."
INTRODUCTION = "What people ask most. Is yours not among them? Write to us with a general letter."

SUBJECTS = [
    subject(
        "Signing in and sending",
        ("Do I need an account?", "No. Your mobile number is enough; a fresh code comes by SMS each time."),
        ("My letter has several pages.", "Put them into one PDF or one ZIP; each request has one file."),
        ("Does it cost anything?", "No. Sending, tracking and the answer are free."),
    ),
    subject(
        "Tracking and the answer",
        ("How do I know that my letter arrived?", "You see a receipt with a tracking code, and get it by SMS as well."),
        ("I have lost my tracking code.", "Sign in: all your letters stand there with their codes."),
    ),
    subject(
        "Your data",
        ("Who sees my letter?", "Only the staff of the unit that has it. Each look at a letter is written down."),
        ("Can I have my data removed?", "Yes. Sign in and ask for it under “My account”."),
    ),
]
