"""An answer (جوابیه) of the organisation to a letter, interim or final."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Reply(models.Model):
    letter = models.ForeignKey("servicedesk.Letter", on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("servicedesk.Unit", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    is_final = models.BooleanField()
    # Who let it out, where that was somebody else.
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # The final answer in whose place it stands; that one stays to be read.
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"Reply {self.pk}"

    # What a page has fetched already with the letter's.
    fetched_files = None

    @property
    def files(self):
        """The files that stand with it; of one that was removed only the notice, until another one came."""
        files = self.attachments.all() if self.fetched_files is None else self.fetched_files
        files = sorted(files, key=lambda file: file.created_at)
        return files[-1:]

    @property
    def wants_file(self):
        """Whether the scanner removed its file and no other one came yet."""
        return any(file.is_removed for file in self.files)
