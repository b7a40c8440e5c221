"""Settings, addresses, the timetable, and the local installation of the service desk."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
