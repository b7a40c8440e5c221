"""Who of the staff looked at a letter, who fetched a file of it, and who took it out in a table."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from servicedesk.models.staff_export import StaffExport

# Whoever works on a letter opens it again and again; that is one look.
ONE_LOOK = timedelta(minutes=10)


class StaffView(models.Model):
    class What(models.TextChoices):
        LETTER = "letter", _("Opened the letter")
        FILE = "file", _("Fetched a file")
        EXPORT = "export", _("Took it out in a table")

    letter = models.ForeignKey("servicedesk.Letter", on_delete=models.CASCADE, related_name="staff_views")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField(db_default=Now())
    # Where it went out in a table: with which.
    export = models.ForeignKey(StaffExport, null=True, on_delete=models.PROTECT, related_name="views")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["letter", "user", "at"])]

    def __str__(self):
        return f"{self.what} {self.at}"

    @classmethod
    def letter_opened(cls, letter, user):
        """Writes down a look, once in ten minutes for each person and letter, and again once something has happened
        with it; one statement. Gives whether it wrote: then it may have waited for a verb that held the letter, and
        what was fetched before may be out of date."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO servicedesk_staffview (letter_id, user_id, what) SELECT %(letter)s, %(user)s, %(what)s"
                " WHERE NOT EXISTS (SELECT 1 FROM servicedesk_staffview WHERE letter_id = %(letter)s"
                " AND user_id = %(user)s AND what = %(what)s AND at > now() - %(one)s"
                " AND at >= (SELECT moved_at FROM servicedesk_letter WHERE id = %(letter)s))",
                {"letter": letter.pk, "user": user.pk, "what": cls.What.LETTER, "one": ONE_LOOK},
            )
            return cursor.rowcount > 0

    @classmethod
    def file_fetched(cls, letter, user):
        """Writes down each fetching of a file."""
        cls.objects.create(letter=letter, user=user, what=cls.What.FILE)

    @classmethod
    def exported(cls, letters, export):
        """Writes down that letters are about to go out in a table; one statement."""
        what = cls.What.EXPORT
        cls.objects.bulk_create(
            cls(letter=letter, user_id=export.user_id, what=what, export=export) for letter in letters
        )
