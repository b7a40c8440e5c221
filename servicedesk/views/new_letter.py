"""A new letter: the first step of its service's form, which for most services is all of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from servicedesk.models import DeskSettings, Draft, ServicePage
from servicedesk.views import late_posts
from servicedesk.views.access import personal, sign_in_first
from servicedesk.views.filling import Filling


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def new(request):
    """The form of a service's letter. What somebody typed after the session had ended is kept for after
    the next sign-in."""
    service = _service(request)
    if not (request.user.is_authenticated and request.user.is_citizen):
        return keep_and_sign_in(request)
    if request.method == "POST":
        return Filling(request, service, draft=_draft_of(request)).take_step()
    return Filling(request, service).show()


def keep_and_sign_in(request):
    """What a stranger posted is kept for after his sign-in, to which he is sent."""
    if request.method == "POST" and late_posts.keep(request):
        messages.info(request, late_posts.SIGN_IN_TO_GO_ON)
    return sign_in_first(request)


def _draft_of(request):
    """What was kept of the posted form before: files and text of a first try."""
    typed = late_posts.typed_in(request)
    key = typed.get("form_key", [""])[0]
    return Draft.objects.visible_to(request.user).filter(form_key=key).first() if late_posts.is_key(key) else None


def _service(request):
    """The service that ``?service=`` names, else that of the general letter."""
    offered = ServicePage.objects.offered()
    slug = request.GET.get("service")
    if slug:
        # Whoever changes the language of a page goes on with a service that has no translation.
        own = offered.filter(slug=slug).first()
        return own or get_object_or_404(ServicePage.objects.taking_letters().filter(slug=slug)[:1])
    general = DeskSettings.load().general_service
    service = offered.filter(translation_key=general.translation_key).first() if general else offered.first()
    if service is None:
        raise Http404
    return service
