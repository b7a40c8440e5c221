"""What a person typed into a form after the session had ended, kept in the new session until he is back.

At a shared computer the next to sign in may be somebody else. The form carries a mark of the citizen for whom it was
made, and only that citizen gets the text back.
"""

from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from servicedesk.client_address import client_address
from servicedesk.models import LimitHit, LimitReached

KEY = "letter_draft"
# Characters: more than any field takes. A stranger's session is no place for books.
FIELDS = {"form_key": 36, "owner": 32, "sender_name": 500, "subject": 500, "unit": 20}


def mark_of(citizen):
    """The hidden ``owner`` of a citizen's form: tells nobody who that is."""
    return salted_hmac("servicedesk.letter-draft", str(citizen.pk), algorithm="sha256").hexdigest()[:32]


def keep(request):
    """Keeps the text fields of a posted letter form in the session; whether it did.

    Anybody may post here, so the many forms of one address leave nothing behind.
    """
    draft = {name: request.POST.get(name, "")[:longest] for name, longest in FIELDS.items()}
    try:
        UUID(draft["form_key"])
    except ValueError:
        del draft["form_key"]
    try:
        with transaction.atomic():
            LimitHit.take("draft-from-address", client_address(request).host)
    except LimitReached:
        return False
    request.session[KEY] = draft
    return True


def take(session, citizen):
    """The kept fields, once; None when there are none or they are somebody else's."""
    draft = session.pop(KEY, None)
    if draft is None:
        return None
    mark = mark_of(citizen)
    owner = draft.pop("owner") or mark
    return draft if constant_time_compare(owner, mark) else None
