"""On the admin's home page of superusers: that no virus scanner looks at what citizens send."""

from django.conf import settings
from wagtail.admin.ui.components import Component


class ScannerBanner(Component):
    """Shown while no scanner is configured; one that is away is told of by an alarm."""

    name = "scanner_banner"
    template_name = "servicedesk/staff/scanner_banner.html"
    order = 45

    def get_context_data(self, parent_context):
        return {"unscanned": not settings.CLAMD_URL and parent_context["request"].user.is_superuser}
