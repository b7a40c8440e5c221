"""The groups of those who work in the admin, and what each may do: editors, reviewers, clerks, registry, auditors."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page, Task, Workflow

EDITORS, REVIEWERS, CLERKS, REGISTRARS, AUDITORS = "ویراستار", "ناظر", "کارشناس", "دبیرخانه", "بازرس"
# What Wagtail's first migration calls them; their rights on pages, pictures and documents are kept.
WAGTAIL_NAMES = {EDITORS: "Editors", REVIEWERS: "Moderators"}
ADMIN_DOOR = ("wagtailadmin", "access_admin")
EDITORS_RIGHTS = (
    ADMIN_DOOR,
    ("home", "add_banner"),
    ("home", "change_banner"),
    ("home", "delete_banner"),
    ("home", "change_sitesettings"),
    ("servicedesk", "change_desksettings"),
    ("servicedesk", "change_unit_contact"),
    ("simple_translation", "submit_translation"),
    ("wagtailredirects", "add_redirect"),
    ("wagtailredirects", "change_redirect"),
    ("wagtailredirects", "delete_redirect"),
)
# What a clerk may do follows from his units; these two have theirs in the whole organisation.
DESK_RIGHTS = {
    CLERKS: (ADMIN_DOOR,),
    REGISTRARS: (ADMIN_DOOR, ("servicedesk", "keep_registry")),
    AUDITORS: (ADMIN_DOOR, ("servicedesk", "audit_letters")),
}
# An editor writes and submits; who approves is somebody else. Wagtail's own first groups have the same.
PAGE_RIGHTS = {EDITORS: ("add_page", "change_page"), REVIEWERS: ("add_page", "change_page", "publish_page")}


def make_groups(*, complete=False):
    """The groups of all who work in the admin, and the Persian name of Wagtail's first workflow.

    A group that has members keeps the rights that it has, unless ``complete``: then each gets the rights that a new
    one would get. None loses any.
    """
    for name, before in WAGTAIL_NAMES.items():
        if not Group.objects.filter(name=name).exists():
            Group.objects.filter(name=before).update(name=name)
    for name in (EDITORS, REVIEWERS):
        group, made = Group.objects.get_or_create(name=name)
        if made or complete or not group.user_set.exists():
            group.permissions.add(*(_permission(*right) for right in EDITORS_RIGHTS))
            _let_write(group, PAGE_RIGHTS[name])
    for name, rights in DESK_RIGHTS.items():
        group, made = Group.objects.get_or_create(name=name)
        if made or complete:
            group.permissions.add(*(_permission(*right) for right in rights))
    for model in (Task, Workflow):
        model.objects.filter(name="Moderators approval").update(name="بازبینی ناظر")


def _let_write(group, rights):
    root = Page.get_first_root_node()
    for codename in rights:
        GroupPagePermission.objects.get_or_create(
            group=group, page=root, permission=_permission("wagtailcore", codename)
        )


def _permission(app_label, codename):
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)
