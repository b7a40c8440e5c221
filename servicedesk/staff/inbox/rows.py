"""What a row of the inbox says of a letter: its age in working days, when its answer is due, what is new in it."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servicedesk import persian
from servicedesk.models import StaffView
from servicedesk.staff.frame import calendars_at
from servicedesk.staff.inbox.filter import STATUS_WORDS
from servicedesk.workflow import Status

MOST_COUNTED_DAYS = timedelta(days=366)


def with_news(letters, user):
    """The letters with ``is_new``: whether something has happened since this person looked, or he never did."""
    looks = StaffView.objects.filter(letter=OuterRef("pk"), user=user, what=StaffView.What.LETTER)
    return letters.annotate(is_new=~Exists(looks.filter(at__gte=OuterRef("moved_at"))))


def with_words(letter, calendar=None):
    """The letter with what a row says of it: ``age`` (in the working days of a Calendar, where one is given),
    ``due_words``, whether it ``is_due_soon``, and ``status_words``."""
    letter.age = age_in_words(letter.submitted_at, calendar)
    letter.status_words = STATUS_WORDS[Status(letter.status)]
    letter.due_words = due_in_words(letter)
    tomorrow = timezone.localdate() + timedelta(days=1)
    letter.is_due_soon = bool(letter.due_words) and not letter.is_resting and letter.due_on <= tomorrow
    return letter


def rows_of(request, letters, services):
    """The letters of a page with their words, by the calendars of their units and, as ``service_words``, with the name
    that one of ``services`` (ServiceChoices) has in the language in use."""
    since = min((timezone.localdate(letter.submitted_at) for letter in letters), default=None)
    calendars = calendars_at(request, {letter.unit_id for letter in letters}, since) if since else {}
    titles = {page: service.title for service in services for page in service.pages}
    for letter in letters:
        letter.service_words = titles.get(letter.service_id, letter.service_title)
    return [with_words(letter, calendars[letter.unit_id]) for letter in letters]


def age_in_words(moment, calendar=None):
    """«امروز», «۳ روز کاری»: the working days since, or days where no calendar is given or they are very many."""
    came, today = timezone.localdate(moment), timezone.localdate()
    if calendar is None or today - came > MOST_COUNTED_DAYS:
        days = (today - came).days
        words = ngettext("%(days)s day", "%(days)s days", days)
    else:
        days = calendar.count(came, today)
        words = ngettext("%(days)s working day", "%(days)s working days", days)
    return words % {"days": persian.in_language(days)} if days > 0 else _("today")


def due_in_words(letter):
    """«۲ روز دیر», «امروز», «تا ۵ آذر»; "" where nothing is due."""
    if not letter.is_open or letter.due_on is None:
        return ""
    if letter.is_resting:
        return _("rests")
    days = (letter.due_on - timezone.localdate()).days
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": persian.in_language(-days)}
    if days < 2:
        return _("due tomorrow") if days else _("due today")
    return _("by %(day)s") % {"day": persian.jalali_short(letter.due_on)}
