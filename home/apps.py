from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from home import bare_pictures


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Public pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Here, since sizes are made by web processes, workers and commands alike.
        bare_pictures.install()
