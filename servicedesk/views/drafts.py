"""What a person typed into a form after the session had ended, kept in the new session until he is back."""

from uuid import UUID

KEY = "letter_draft"
# More than any field takes; a stranger's session is no place for books.
LONGEST = 2000


def keep(session, data):
    """Keeps the text fields of a posted letter form."""
    draft = {name: data.get(name, "")[:LONGEST] for name in ("form_key", "sender_name", "subject", "unit")}
    try:
        UUID(draft["form_key"])
    except ValueError:
        del draft["form_key"]
    session[KEY] = draft


def take(session):
    """The kept fields, once; None when there are none."""
    return session.pop(KEY, None)
