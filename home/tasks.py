"""Shells around what workers do for the public pages."""

from celery import shared_task

from home import pictures


@shared_task(name="home.make_pictures")
def make_pictures(image_id):
    """Makes the sizes and formats of one picture that are still missing."""
    pictures.make(image_id)


@shared_task(name="home.sweep_pictures")
def sweep_pictures():
    """Finds pictures whose nudge was lost."""
    pictures.sweep()
