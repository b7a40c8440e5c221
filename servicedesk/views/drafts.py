"""What a person typed into a form after the session had ended, kept in the new session until he is back.

At a shared computer the next to sign in may be somebody else. The form carries a mark of the citizen for whom it was
made, and only that citizen gets the text back.
"""

from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

KEY = "letter_draft"
# More than any field takes; a stranger's session is no place for books.
LONGEST = 2000


def mark_of(citizen):
    """The hidden ``owner`` of a citizen's form: tells nobody who that is."""
    return salted_hmac("servicedesk.letter-draft", str(citizen.pk), algorithm="sha256").hexdigest()[:32]


def keep(session, data):
    """Keeps the text fields of a posted letter form."""
    draft = {name: data.get(name, "")[:LONGEST] for name in ("form_key", "owner", "sender_name", "subject", "unit")}
    try:
        UUID(draft["form_key"])
    except ValueError:
        del draft["form_key"]
    session[KEY] = draft


def take(session, citizen):
    """The kept fields, once; None when there are none or they are somebody else's."""
    draft = session.pop(KEY, None)
    if draft is None:
        return None
    mark = mark_of(citizen)
    owner = draft.pop("owner") or mark
    return draft if constant_time_compare(owner, mark) else None
