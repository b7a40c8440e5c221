"""`manage.py standby`: sends what no worker has taken up; a broker that is away keeps nobody from signing in."""

import signal

from django.core.management.base import BaseCommand

from servicedesk.standby import Standby


class Command(BaseCommand):
    help = "Send what waits in the outbox and no worker has taken up, without the broker. Runs until SIGTERM."

    def handle(self, *args, **options):
        standby = Standby()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, standby.stop)
        standby.run()
