"""The privacy page in English: what is kept, and the cookies by name."""

from home.seed.blocks import block, bullets, text

TITLE = "Privacy and cookies"
DESCRIPTION = "What we keep about you and why, and which cookies this site has."
INTRODUCTION = "We ask for little, keep it well, and give it to nobody."
BODY = [
    text(
        "What we keep",
        bullets(
            "the mobile number with which you sign in;",
            "name, subject, unit, answers to the form and files of each letter, and its date;",
            "the answer, and what happened on the way to it;",
            "when you signed in and with what kind of browser, until that session ends;",
            "a mark of your network address from which the address cannot be read, for a day, against misuse.",
        ),
        "Staff see the letters of their own unit only. Our SMS hold neither subject nor answer.",
    ),
    block("cookies", heading="Cookies"),
    text("", "These three are all. Nothing counts or follows you, and nothing is loaded from another site."),
    text(
        "How long we keep it",
        bullets(
            "letter and answer until twenty-four months after its end, unless a service says otherwise; then name, "
            "subject, answers, texts and files are removed and figures alone stay;",
            "texts of SMS seven days, codes for signing in one day;",
            "a letter that you have begun and not sent, with its files, seven days after you last worked on it.",
        ),
    ),
    text(
        "Your data in your hands",
        "Signed in, you find under “My account” everything that we have of you in one file. There you can ask to have "
        "it removed, too.",
    ),
]
