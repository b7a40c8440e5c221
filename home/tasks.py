"""Shells around what workers do for the public pages."""

from celery import shared_task

from home.models import RulesSeen
from home.printing import making


@shared_task(name="home.print_guide")
def print_guide(row_id):
    """Prints one PDF that is owed, unless somebody else has it."""
    making.make(row_id)


@shared_task(name="home.sweep_guides")
def sweep_guides():
    """Notes what became of the rules, and finds guides whose PDF is not, or no longer, what they say."""
    RulesSeen.look()
    making.sweep()
