"""What every template knows."""

from django.conf import settings
from django.urls import reverse
from django.urls.base import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from servicedesk.models import DeskSettings


def desk(request):
    """``desk`` (settings), ``is_citizen``, ``admin_url``, ``other_language`` {code, label, url} or None."""
    user = getattr(request, "user", None)
    return {
        "desk": SimpleLazyObject(lambda: DeskSettings.load(request_or_site=request)),
        "is_citizen": bool(user and user.is_authenticated and user.is_citizen),
        "admin_url": reverse("wagtailadmin_home"),
        "other_language": SimpleLazyObject(lambda: _other_language(request)),
    }


def _other_language(request):
    """The same page in the next language, where the address has a counterpart."""
    current = get_language()
    for code, _name in settings.LANGUAGES:
        if code == current or not getattr(request, "resolver_match", None):
            continue
        if request.resolver_match.namespace != "desk":
            return None
        label = get_language_info(code)["name_local"]
        return {"code": code, "label": label, "url": translate_url(request.get_full_path(), code)}
    return None
