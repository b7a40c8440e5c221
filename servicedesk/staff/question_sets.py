"""Shared question sets in the admin: who writes pages writes them, who publishes pages publishes them."""

from django.contrib.auth.models import Permission
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import ModelPermissionPolicy, register_permission_policy
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from servicedesk.models import QuestionSet
from servicedesk.persian import in_language

# What somebody must be allowed to do with pages.
ON_PAGES = {"add": "add", "change": "change", "view": "change", "choose": "change", "delete": "publish"}


class QuestionSetPolicy(ModelPermissionPolicy):
    def user_has_permission(self, user, action):
        return PagePermissionPolicy().user_has_permission(user, ON_PAGES.get(action, "publish"))

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(QuestionSet, QuestionSetPolicy(QuestionSet))


class _WithHeading:
    """Wagtail's screens of snippets lack a heading for who hears them: their head reads ``title``, which none gives."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "title": context["header_title"]}


class SetCreateView(_WithHeading, CreateView):
    pass


class SetEditView(_WithHeading, EditView):
    pass


class QuestionSetViewSet(SnippetViewSet):
    model = QuestionSet
    add_view_class = SetCreateView
    edit_view_class = SetEditView
    icon = "copy"
    menu_label = gettext_lazy("Shared questions")
    menu_order = 220
    add_to_admin_menu = True
    list_display = [
        "__str__",
        Column("services", label=gettext_lazy("Services"), accessor=lambda each: in_language(each.services().count())),
    ]

    def get_permissions_to_register(self):
        """None to tick for a group: they follow from those on pages."""
        return Permission.objects.none()


def keep_sets_in_use(request, sets):
    """A way back where one of ``sets`` stands in a service; else None."""
    for each in sets:
        if isinstance(each, QuestionSet) and each.services_that_name_it().exists():
            messages.error(
                request,
                _("“%(set)s” stands in services, whose forms would lose these questions. Take it out of them first.")
                % {"set": each.title},
            )
            return redirect(each.snippet_viewset.get_url_name("edit"), each.pk)
    return None
