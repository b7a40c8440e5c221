"""What staff find a letter by, apart from its row: that one changes all the time, and each change of it would be one of
this index."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from servicedesk.models.words import begins_words, parts_of, vector
from servicedesk.persian import fold

# As much of a subject as a common index takes.
LONGEST_SUBJECT = 500
# Letters of all answers together; PostgreSQL takes a megabyte for one row's words, in up to four bytes a letter.
LONGEST_ANSWERS = 100_000


def words_of(letter, answers):
    """{"subject", "vector"} of a letter. ``answers``: the folded texts of those that are searched."""
    known = (letter.reference, letter.official_number, letter.sender_name, letter.subject, letter.contact)
    answered = " ".join(answers)[:LONGEST_ANSWERS].split()
    words = parts_of(" ".join(known)).union(answered)
    return {"subject": fold(letter.subject)[:LONGEST_SUBJECT], "vector": vector(words)}


class LetterWordsQuerySet(models.QuerySet):
    def with_any(self, *alternatives):
        """Those that hold all words of one of ``alternatives``, lists of folded words; of code, numbers, name, subject
        and address any part of a word, of answers its beginning."""
        alternatives = [words for words in alternatives if words]
        return self.filter(begins_words("vector", *alternatives)) if alternatives else self.none()

    def with_subject(self, subject):
        """Those with the same subject, in whatever spelling."""
        return self.filter(subject=fold(subject)[:LONGEST_SUBJECT])


class LetterWords(models.Model):
    """Of each letter that is not anonymised."""

    letter = models.OneToOneField(
        "servicedesk.Letter", primary_key=True, on_delete=models.CASCADE, related_name="search_words"
    )
    # Folded.
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    vector = SearchVectorField()

    objects = LetterWordsQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="letters_by_word"),
            models.Index(fields=["subject"], name="letters_by_subject"),
        ]

    def __str__(self):
        return str(self.pk)

    @classmethod
    def keep(cls, letter):
        """Writes down what the letter is found by now."""
        words = words_of(letter, letter.answers.exclude(folded="").values_list("folded", flat=True))
        cls.objects.bulk_create(
            [cls(letter=letter, **words)], update_conflicts=True, unique_fields=["letter"], update_fields=list(words)
        )
