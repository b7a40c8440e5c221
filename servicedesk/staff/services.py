"""Services in the page editor: one that has letters is not deleted, since they live by its rules."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from servicedesk.models import ServicePage


def keep_services_with_letters(request, pages):
    """A way back where one of ``pages``, or one below it, is a service with letters; else None."""
    for page in pages:
        services = ServicePage.objects.descendant_of(page, inclusive=True)
        if services.filter(letters__isnull=False).exists():
            messages.error(
                request,
                _(
                    "There are letters of this service, and how long they are kept stands on its page. Unpublish it "
                    "instead: then nobody can start it, and its letters keep their rules."
                ),
            )
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
