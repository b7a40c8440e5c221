"""What Celery runs for the public site."""

from celery import shared_task

from home.search import index

MOST_PAGES, SECONDS = 500, 20


@shared_task(name="home.read_pages")
def read_pages():
    """Reads for the search what was published; the first search after it has less to do, or nothing."""
    index.refresh(most=MOST_PAGES, seconds=SECONDS)


@shared_task(name="home.read_all_pages")
def read_all_pages():
    """Reads every page again: forgets words that are gone, and sees what changed without being published."""
    index.rebuild()
