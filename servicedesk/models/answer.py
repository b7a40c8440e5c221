"""A citizen's answer to one question of a service's form, as it was given and as it was read."""

from django.db import models

from servicedesk.persian import fold

LONGEST_FOLDED = 2000


class Answer(models.Model):
    letter = models.ForeignKey("servicedesk.Letter", on_delete=models.CASCADE, related_name="answers")
    # The question's id in its form, the same in every version and translation; its words are in the letter's version.
    question = models.UUIDField()
    type = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    # As the question's type keeps it; null where the question was shown and left empty.
    value = models.JSONField(null=True)
    # In words of the letter's language, choices as they were called.
    text = models.TextField(blank=True)
    # For searching: only of questions that are marked for it.
    folded = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["letter", "question"], name="one_answer_per_question")]
        indexes = [models.Index(fields=["question"], name="answers_by_question")]

    def __str__(self):
        return str(self.pk)

    @classmethod
    def given(cls, question, value, text, position):
        """An unsaved answer. ``question`` is the Question as shown, ``value`` what its type keeps."""
        return cls(
            question=question.id,
            type=question.type,
            position=position,
            value=value,
            text=text,
            folded=fold(text)[:LONGEST_FOLDED] if question.searchable else "",
        )
