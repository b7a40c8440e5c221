"""How long somebody has to wait, in words."""

from django.utils.translation import ngettext

from servicedesk.persian import in_language

MINUTE, HOUR = 60, 3600


def waiting_time(seconds):
    """«۴۵ ثانیه», «۱۲ دقیقه», «۳ ساعت»: rounded up, so that nobody comes back too early."""
    if seconds <= 90:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": in_language(seconds)}
    if seconds <= 90 * MINUTE:
        minutes = -(-seconds // MINUTE)
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": in_language(minutes)}
    hours = -(-seconds // HOUR)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": in_language(hours)}
