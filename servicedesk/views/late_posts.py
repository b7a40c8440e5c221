"""What a person typed into a form after the session had ended, kept in the new session until he is back.

At a shared computer the next to sign in may be somebody else. The form carries a mark of the citizen for whom it was
made, and only that citizen gets the text back.
"""

import re
from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy

from servicedesk.client_address import client_address
from servicedesk.models import LimitHit, LimitReached
from servicedesk.service_form import HIDDEN, ON_FIRST_STEP

SIGN_IN_TO_GO_ON = gettext_lazy(
    "You were signed out meanwhile, so nothing has been sent yet. We have kept your text: sign in and go on."
)
KEY, REPLY_KEY = "late_post", "late_reply"
# What a letter's form may hold: the usual fields, and questions with the parts of their answers.
FIELDS = re.compile("|".join([*HIDDEN, *ON_FIRST_STEP, r"q-[0-9a-f-]{36}([-_][a-z_]+)?"]))
# Characters of one value, and of all: more than any form takes. A stranger's session is no place for books.
LONGEST, LONGEST_ALL = 12_000, 100_000


def mark_of(citizen):
    """The hidden ``owner`` of a citizen's form: tells nobody who that is."""
    return salted_hmac("servicedesk.letter-draft", str(citizen.pk), algorithm="sha256").hexdigest()[:32]


def typed_in(request):
    """{field name: [what was typed]} of a posted letter form, as it came."""
    return {name: values for name, values in request.POST.lists() if FIELDS.fullmatch(name)}


def keep(request):
    """Keeps what was typed into a posted letter form in the session; whether it did.

    Anybody may post here, so the many forms of one address leave nothing behind.
    """
    kept, left = {}, LONGEST_ALL
    for name, values in typed_in(request).items():
        kept[name] = [value[:LONGEST] for value in values]
        left -= sum(map(len, kept[name])) + len(name)
        if left < 0:
            break
    if not is_key(kept.get("form_key", [""])[0]):
        kept.pop("form_key", None)
    if not _may_keep(request):
        return False
    request.session[KEY] = kept
    return True


def _may_keep(request):
    try:
        with transaction.atomic():
            LimitHit.take("draft-from-address", client_address(request).host)
    except LimitReached:
        return False
    return True


def keep_reply(request, reference):
    """Keeps what was typed as the reply to a letter's question in the session; whether it did. Only whoever may open
    that letter's page meets it again."""
    text = request.POST.get("text", "")[:LONGEST]
    if not text.strip() or not _may_keep(request):
        return False
    request.session[REPLY_KEY] = {"reference": reference, "text": text}
    return True


def take_reply(session, reference):
    """The kept text of a reply to this letter, once; "" where there is none."""
    kept = session.get(REPLY_KEY)
    if kept is None or kept["reference"] != reference:
        return ""
    del session[REPLY_KEY]
    return kept["text"]


def take(session, citizen, form_key=None):
    """The kept fields, once; None when there are none or they are somebody else's. Those of another form than
    ``form_key`` wait until that one is opened."""
    kept = session.get(KEY)
    if kept is None or (form_key and kept.get("form_key") and kept["form_key"] != [str(form_key)]):
        return None
    del session[KEY]
    mark = mark_of(citizen)
    owner = kept.get("owner", [""])[0] or mark
    return {**kept, "owner": [mark]} if constant_time_compare(owner, mark) else None


def is_key(text):
    """Whether it is the key of a form."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
