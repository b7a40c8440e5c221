"""What the search has read of the public pages. Made from them, and made anew whenever they differ."""

from datetime import UTC, datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, OuterRef, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

# Counts up whenever pages are read in another way: what an older release has read is then read again.
READ_BY = 1
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(models.TextChoices):
    PAGE = "page", _("Page")
    SECTION = "section", _("Section")
    QUESTION = "question", _("Question")
    NEWS = "news", _("Piece of news")
    SERVICE = "service", _("Service")
    PART = "part", _("Part of a service")


def publication(of):
    """(revision, moment) that tell what of the page ``of`` (a reference such as ``F("page__{}")``) is shown."""
    return {
        "revision": Coalesce(of("live_revision_id"), Value(0)),
        "published_at": Coalesce(of("last_published_at"), Value(BEGINNING)),
    }


class SearchEntryQuerySet(models.QuerySet):
    def current(self):
        """Those that say what their page says now: read of the revision that is shown."""
        return self.filter(**publication(lambda name: F(f"page__{name}")))

    def of_outer_page(self):
        """The rows of a page that need not be read again; for a subquery of pages."""
        shown = publication(OuterRef)
        return self.filter(page=OuterRef("pk"), place=0, title=OuterRef("title"), read_by=READ_BY, **shown)


class SearchEntry(models.Model):
    """A page (place 0), or a part of it that has an address of its own."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    anchor = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=20, blank=True)
    day = models.DateField(null=True)
    title = models.CharField(max_length=255)
    text = models.TextField(blank=True)
    # The weights: A title, C the page's name in its address, D text.
    vector = SearchVectorField()
    revision = models.BigIntegerField()
    published_at = models.DateTimeField()
    read_by = models.PositiveSmallIntegerField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "place"], name="one_entry_at_a_place")]
        indexes = [GinIndex(fields=["vector"], name="search_entry_vector")]

    def __str__(self):
        return self.title


class SearchWord(models.Model):
    """A word of the pages, for those who mistyped it. ``word`` is folded, ``shown`` as it was written somewhere."""

    word = models.CharField(max_length=60, primary_key=True)
    shown = models.CharField(max_length=120)
    grams = ArrayField(models.CharField(max_length=3))

    class Meta:
        indexes = [GinIndex(fields=["grams"], name="search_word_grams")]

    def __str__(self):
        return self.shown
