"""What an SMS about a letter says: the desk's own words, or those that the editors of its service wrote."""

import re

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servicedesk.models.desk_settings import DeskSettings

# The kinds of event whose SMS a service may word itself: {kind: its field on the page}.
OWN_WORDS = {"submitted": "sms_submitted", "interim-answer": "sms_interim", "answered": "sms_answered"}
LONGEST_SMS = 300  # characters
# What editors write for what differs from letter to letter, in either language.
PLACES = {"کد": "code", "سازمان": "organisation", "خدمت": "service", "سایت": "site"}
PLACE = re.compile(r"\{([^{}]*)\}")


def text_about(kind, channel, *, reference, service):
    """The text, in the language in use, that tells a citizen of an event of this kind. ``service``: the ServicePage of
    the letter with this tracking code, or None where that is gone. It never names subject or answer."""
    organisation = DeskSettings.load().short_name
    own = words_of_service(service, kind) if channel == "sms" else ""
    if own:
        site = f"{settings.PUBLIC_HOST}/desk"
        values = {"code": reference, "organisation": organisation, "service": service.title, "site": site}
        return filled(own, values)
    context = {"reference": reference, "organisation": organisation, "host": settings.PUBLIC_HOST}
    return render_to_string(f"servicedesk/messages/{kind}.{channel}.txt", context).strip()


def words_of_service(service, kind):
    """What its editors wrote for this kind; "" where the desk's words go out: they wrote nothing, or in a language that
    the letter is not in."""
    if service is None or kind not in OWN_WORDS or service.locale.language_code != get_language():
        return ""
    # Browsers send two characters for the end of a line; each costs.
    return getattr(service, OWN_WORDS[kind]).strip().replace("\r\n", "\n")


def filled(text, values):
    """The text with its places filled. What is no place stays as it was written."""
    return PLACE.sub(lambda found: values.get(_place(found[1]), found[0]), text)


def _place(name):
    name = name.strip().replace("ك", "ک")
    return PLACES.get(name, name)


def problems_of_text(text):
    """Sentences about what would make an SMS useless to citizens; none for the desk's words."""
    if not text.strip():
        return []
    places = PLACE.findall(text)
    unknown = [name for name in places if _place(name) not in PLACES.values()]
    found = [_("“{%(place)s}” stands for nothing.") % {"place": name} for name in unknown]
    if "code" not in map(_place, places):
        found.append(_("The tracking code is missing: write {code} where it shall stand."))
    return found
