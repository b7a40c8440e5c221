"""Celery: the queues, and the only timetable of the system.

The rows of the outbox are the queue that counts; Celery carries nudges. So results are ignored, a lost
nudge is found by the sweep, and no task takes an ETA.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("servicedesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "sweep the outbox": {
        "task": "servicedesk.sweep_outbox",
        "schedule": 15.0,  # sweeping.SWEEP_SECONDS
        # A sweep that nobody fetched in time is worthless: the next one does the same.
        "options": {"queue": "messages", "expires": 30},
    },
    "sweep the files": {
        "task": "servicedesk.sweep_files",
        "schedule": 15.0,
        "options": {"queue": "files", "expires": 30},
    },
    "sweep the jobs with many letters": {
        "task": "servicedesk.sweep_bulk",
        "schedule": 30.0,
        "options": {"queue": "pages", "expires": 30},
    },
    "publish what is scheduled": {
        "task": "home.keep_time",
        "schedule": 30.0,
        "options": {"queue": "pages", "expires": 30},
    },
    "look after the guides' PDFs": {
        "task": "home.sweep_guides",
        "schedule": 60.0,
        "options": {"queue": "pages", "expires": 60},
    },
    "look after the pictures": {
        "task": "home.sweep_pictures",
        "schedule": 60.0,
        "options": {"queue": "pages", "expires": 60},
    },
    "ask for receipts": {
        "task": "servicedesk.ask_for_receipts",
        "schedule": 60.0,
        "options": {"queue": "files", "expires": 60},
    },
    "watch the SMS budget": {
        "task": "servicedesk.watch_sms_budget",
        "schedule": 60.0,
        "options": {"queue": "files", "expires": 60},
    },
    "keep no letter longer than promised": {
        "task": "servicedesk.retention",
        "schedule": 3600.0,
        "options": {"queue": "files", "expires": 1800},
    },
    "remind citizens and keep promises": {
        "task": "servicedesk.keep_promises",
        "schedule": 900.0,
        "options": {"queue": "files", "expires": 900},
    },
    "keep the figures of reports": {
        "task": "servicedesk.keep_figures",
        "schedule": 60.0,
        "options": {"queue": "files", "expires": 60},
    },
    "count the letters of late anew": {
        "task": "servicedesk.rebuild_figures",
        "schedule": crontab(hour=22, minute=15),  # UTC; a quarter to two in Tehran.
        "options": {"queue": "files", "expires": 3600},
    },
    # What was not fetched in time is made up for by the next one, until noon.
    "tell heads in the morning": {
        "task": "servicedesk.send_digests",
        "schedule": 900.0,
        "options": {"queue": "files", "expires": 900},
    },
    "purge what has lapsed": {
        "task": "servicedesk.purge",
        "schedule": 3600.0,
        "options": {"queue": "files", "expires": 1800},
    },
    "read what was published": {
        "task": "home.read_pages",
        "schedule": 60.0,
        "options": {"queue": "pages", "expires": 60},
    },
    "read all pages": {
        "task": "home.read_all_pages",
        "schedule": crontab(hour=23, minute=45),  # UTC; a quarter past three in Tehran.
        "options": {"queue": "pages", "expires": 3600},
    },
    # Each night, though once a year would do: then no missed night leaves a year without holidays.
    "fill the calendar": {
        "task": "servicedesk.fill_holidays",
        "schedule": crontab(hour=20, minute=45),  # UTC; a quarter past midnight in Tehran.
        "options": {"queue": "files", "expires": 3600},
    },
    "compare database and store": {
        "task": "servicedesk.check_storage",
        "schedule": crontab(hour=0, minute=15),  # UTC; a quarter to four in Tehran.
        "options": {"queue": "files", "expires": 3600},
    },
}
