"""The desk's place in the admin's menu and on its home page."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.sidebar import LinkMenuItem

from servicedesk.models import Letter, OutgoingMessage
from servicedesk.persian import in_language
from servicedesk.staff.inbox import units_of, with_words

OLDEST_SHOWN = 5


class InboxMenuItem(MenuItem):
    """«میز خدمت (۱۲)»: for members of a unit and for superusers."""

    def __init__(self):
        super().__init__(
            gettext_lazy("Staff desk"), reverse("staff:inbox"), name="service-desk", icon_name="mail", order=50
        )

    def is_shown(self, request):
        return units_of(request.user).exists()

    def render_component(self, request):
        count = Letter.objects.visible_to(request.user).open().count()
        label = _("Staff desk (%(count)s)") % {"count": in_language(count)} if count else self.label
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name)


class OpenLettersPanel(Component):
    """On the admin's home page: the oldest open letters of one's units; for superusers also what no SMS reached."""

    name = "open_letters"
    template_name = "servicedesk/staff/open_letters_panel.html"
    order = 50

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        letters = Letter.objects.visible_to(user).open()
        oldest = letters.select_related("unit").order_by("submitted_at", "pk")[:OLDEST_SHOWN]
        return {
            "has_units": units_of(user).exists(),
            "count": letters.count(),
            "oldest": [with_words(letter) for letter in oldest],
            "undelivered": OutgoingMessage.objects.undelivered().count() if user.is_superuser else 0,
        }
