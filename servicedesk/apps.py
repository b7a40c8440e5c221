from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from servicedesk import jalali_formats
from servicedesk.delivery.gateways import configured_gateways


class ServiceDeskConfig(AppConfig):
    name = "servicedesk"
    verbose_name = _("Service desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Here and not in a system check: web servers and workers run no checks when they start.
        if settings.CAPTCHA_TEST_MODE and not settings.LOCAL:
            raise ImproperlyConfigured("CAPTCHA_TEST_MODE lets every security code pass. Remove it.")
        # A gateway that cannot be used must stop the start, not the first message.
        configured_gateways()
        jalali_formats.install()
