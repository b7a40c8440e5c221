"""Services in the page editor: one that has letters is not deleted, since they live by its rules; and one whose form
nobody could fill in is published by no way."""

from functools import wraps

from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from servicedesk.models import ServicePage
from servicedesk.models.service_editing import FormRefused


def told_why_refused(view):
    """For the admin's views: where a form was refused past the page editor, its page is opened and says why."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except FormRefused as refused:
            sentences = format_html_join("", "<li>{}</li>", ((sentence,) for sentence in refused.sentences))
            said = _("“%(page)s” is not published; its form must be mended first:") % {"page": refused.page}
            messages.error(request, format_html("{}<ul>{}</ul>", said, sentences))
            editor = AdminURLFinder(request.user).get_edit_url(refused.page)
            if request.headers.get("X-Requested-With") == "XMLHttpRequest":
                # A dialog of Wagtail's, which goes where it is told.
                return JsonResponse({"step": "success", "redirect": editor})
            return redirect(editor)

    return inner


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
