"""A citizen's answer to one question of a service's form, as it was given and as it was read."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from servicedesk.models.words import FoldedWords, begins_words, folded_words
from servicedesk.questions.register import TYPES

LONGEST_FOLDED = 2000


class AnswerQuerySet(models.QuerySet):
    def with_words(self, words):
        """Those to questions marked for searching in which each of ``words`` (folded) begins a word. The index finds
        them, however many answers there are."""
        if not words:
            return self.none()
        return self.exclude(folded="").filter(begins_words(FoldedWords("folded"), words))


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

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["letter", "question"], name="one_answer_per_question")]
        indexes = [
            models.Index(fields=["question"], name="answers_by_question"),
            # Most answers are not searched and cost it nothing.
            GinIndex(FoldedWords("folded"), name="answers_by_word", condition=~Q(folded="")),
        ]

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
            folded=cls._folded(question, value, text) if question.searchable else "",
        )

    @staticmethod
    def _folded(question, value, text):
        more = TYPES[question.type].searched(question, value)
        return " ".join(folded_words(f"{text} {more}"))[:LONGEST_FOLDED]
