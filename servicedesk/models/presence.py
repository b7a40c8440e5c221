"""Who has a letter open now, and who is writing an answer to it. A word among colleagues: it locks nothing, and is
forgotten with the tab that said it."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, models
from django.db.models.functions import Now

# A page says that it is open every BEAT seconds; whoever misses two is gone.
BEAT = 20
GONE_AFTER = timedelta(seconds=45)


class Presence(models.Model):
    letter = models.ForeignKey("servicedesk.Letter", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())
    writes = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "user"], name="one_presence_per_person")]

    def __str__(self):
        return f"Presence {self.pk}"

    @classmethod
    def beat(cls, letter, user, *, writes):
        """Says that a person has the letter open; one statement."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO servicedesk_presence (letter_id, user_id, writes) VALUES (%s, %s, %s)"
                " ON CONFLICT (letter_id, user_id) DO UPDATE SET at = now(), writes = excluded.writes",
                [letter.pk, user.pk, writes],
            )

    @classmethod
    def leave(cls, letter, user):
        cls.objects.filter(letter=letter, user=user).delete()

    @classmethod
    def others(cls, letter, user):
        """The Presences of other people at the letter now, those who write first."""
        here = cls.objects.filter(letter=letter, at__gt=Now() - GONE_AFTER).exclude(user=user)
        return here.select_related("user").order_by("-writes", "user__last_name", "pk")

    @classmethod
    def purge(cls):
        return cls.objects.filter(at__lt=Now() - timedelta(days=1)).delete()[0]
