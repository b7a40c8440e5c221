"""The sessions of a person, so that he can look at them and end them.

A row holds when it began, when it was last used (to the minute) and the kind of browser in two words: no address, no
User-Agent, nothing that could be used to enter. The Django session carries the row's id; without its row it is worth
nothing.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

MINUTE, HOUR = 60, 3600
# Seconds idle, seconds in all.
CITIZEN_ENDS = (20 * MINUTE, 4 * HOUR)
STAFF_ENDS = (30 * MINUTE, 10 * HOUR)


def _live(idle, whole):
    return Q(seen_at__gt=Now() - timedelta(seconds=idle), began_at__gt=Now() - timedelta(seconds=whole))


class UserSessionQuerySet(models.QuerySet):
    def live(self):
        """Those whose time is not over."""
        return self.filter(
            (Q(user__mobile=None) & _live(*STAFF_ENDS)) | (Q(user__mobile__isnull=False) & _live(*CITIZEN_ENDS)),
            user__is_active=True,
        )

    def of(self, user):
        """A person's own live sessions, the one used last first."""
        return self.live().filter(user=user).order_by("-seen_at", "-pk")


class UserSession(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    began_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    # As servicedesk/browsers.py names them, such as "android" and "chrome".
    system = models.CharField(max_length=20)
    browser = models.CharField(max_length=20)

    objects = UserSessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "seen_at"])]

    def __str__(self):
        return f"UserSession {self.pk}"

    @classmethod
    def begin(cls, user_id, kind):
        """A row for a session that has just begun; ``kind`` is (system, browser)."""
        system, browser = kind
        return cls.objects.create(user_id=user_id, system=system, browser=browser)

    @classmethod
    def is_on(cls, user, pk, is_news=False):
        """Whether nobody has ended this session; ``is_news`` also notes that it is in use now."""
        row = cls.objects.filter(user=user, pk=pk)
        return bool(row.update(seen_at=Now())) if is_news else row.exists()

    @classmethod
    def end(cls, user, pk):
        """Ends one session of this person; whether there was one."""
        return bool(cls.objects.filter(user=user, pk=pk).delete()[0])

    @classmethod
    def end_all(cls, user, but=None):
        """Ends this person's sessions, all or all but the one with the id ``but``; how many."""
        return cls.objects.filter(user=user).exclude(pk=but).delete()[0]

    @classmethod
    def end_of_closed_accounts(cls):
        """Ends the sessions of accounts that were closed: should one be opened again, they are not; how many."""
        return cls.objects.filter(user__is_active=False).delete()[0]

    @classmethod
    def purge(cls):
        """Removes the rows of sessions whose time is over, and of accounts that were closed."""
        live = cls.objects.live().values("pk")
        return cls.objects.exclude(pk__in=live).delete()[0]
