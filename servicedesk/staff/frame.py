"""What desk pages need and what hardly ever changes: permissions, the profile, the settings, working days.

Each is asked for once and kept in the process under the mark of ``servicedesk.page_generation``: one question a request
tells whether all of it still holds, so a permission that is taken away counts at the next click. Only on the pages of
the desk, which read these rows and write none of them.
"""

import copy
from functools import lru_cache

from django.contrib.auth import get_user_model
from wagtail.contrib.settings.registry import registry
from wagtail.models import Collection
from wagtail.permission_policies.collections import CollectionManagementPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.users.models import UserProfile

from servicedesk import page_generation
from servicedesk.models.office_calendar import calendars_of

PEOPLE_KEPT, CALENDARS_KEPT = 500, 100
_PROFILE = UserProfile._meta.get_field("user").remote_field
# Under these names Django and Wagtail remember on a user what they have asked for.
_PERMISSIONS = "_perm_cache"
_POLICIES = (PagePermissionPolicy(), CollectionManagementPermissionPolicy(Collection))


class DeskFrame:
    """Middleware: hands a desk page what is known. Stands below the gate of the second factor."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if "staff" in request.resolver_match.namespaces and user.is_authenticated and not user.is_citizen:
            mark = request.page_generation = page_generation.current()
            _give(user, _known_of(user.pk, user.is_superuser, mark))
            for model, kept in _settings(mark).items():
                # A copy: what one request does to it is not the next one's.
                setattr(request, model.get_cache_attr_name(), copy.copy(kept))


@lru_cache(maxsize=PEOPLE_KEPT)
def _known_of(pk, is_superuser, mark):
    """(permissions, profile or None, {attribute: permissions of a policy}) of a person at a mark."""
    user = get_user_model().objects.get(pk=pk)
    policies = {policy.permission_cache_name: list(policy.get_all_permissions_for_user(user)) for policy in _POLICIES}
    return user.get_all_permissions(), UserProfile.objects.filter(user=pk).first(), policies


def _give(user, known):
    permissions, profile, policies = known
    setattr(user, _PERMISSIONS, set(permissions))
    _PROFILE.set_cached_value(user, copy.copy(profile))
    for name, rows in policies.items():
        setattr(user, name, rows)


def calendars_at(request, units, since):
    """``calendars_of`` for the units with these ids, as of the request's mark."""
    # From the year's first day on, so that the lists of a day share one.
    return _calendars(request.page_generation, frozenset(units), since.replace(month=1, day=1))


@lru_cache(maxsize=CALENDARS_KEPT)
def _calendars(mark, units, since):
    return calendars_of(units, since)


@lru_cache(maxsize=1)
def _settings(mark):
    """{model: its one row}, of each kind of settings that stands in the settings menu."""
    return {model: model.load() for model in registry}
