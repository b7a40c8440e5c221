"""Shells around what workers do for the public pages."""

from celery import shared_task

from home import pictures, scheduling
from home.models import RulesSeen
from home.printing import making
from home.search import index

# What one run reads for the search, and for how many seconds about.
MOST_PAGES, READING_SECONDS = 500, 20


@shared_task(name="home.make_pictures")
def make_pictures(image_id):
    """Makes the sizes and formats of one picture that are still missing."""
    pictures.make(image_id)


@shared_task(name="home.sweep_pictures")
def sweep_pictures():
    """Finds pictures whose nudge was lost."""
    pictures.sweep()


@shared_task(name="home.read_pages")
def read_pages():
    """Reads for the search what was published; the first search after it has less to do, or nothing."""
    index.refresh(most=MOST_PAGES, seconds=READING_SECONDS)


@shared_task(name="home.read_all_pages")
def read_all_pages():
    """Reads every page again: forgets words that are gone, and sees what changed without being published."""
    index.rebuild()


@shared_task(name="home.keep_time")
def keep_time():
    """Publishes and takes down what editors scheduled for now."""
    scheduling.keep_time()


@shared_task(name="home.print_guide")
def print_guide(row_id):
    """Prints one PDF that is owed, unless somebody else has it."""
    making.make(row_id)


@shared_task(name="home.sweep_guides")
def sweep_guides():
    """Notes what became of the rules, and finds guides whose PDF is not, or no longer, what they say."""
    RulesSeen.look()
    making.sweep()
