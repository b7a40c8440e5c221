"""Words that Wagtail shows without asking any catalogue: it makes them of the names of attributes.

Each is looked up in ours from here on; «forgotten» entries in site/locale_wagtail hold their Persian. Where a later
Wagtail gives a label of its own, that one stays.
"""

from django.forms.utils import pretty_name
from django.utils.translation import get_language, gettext, gettext_lazy
from wagtail.admin.forms import choosers
from wagtail.admin.forms.workflows import WorkflowPageForm
from wagtail.admin.paginator import WagtailPaginator
from wagtail.sites.views import IndexView as SitesView
from wagtail.users.forms import PagePermissionsForm
from wagtail.users.views.bulk_actions.assign_role import RoleForm

FORMS = (
    choosers.ExternalLinkChooserForm,
    choosers.AnchorLinkChooserForm,
    choosers.EmailLinkChooserForm,
    choosers.PhoneLinkChooserForm,
    WorkflowPageForm,
    PagePermissionsForm,
    RoleForm,
)


def install():
    for form in FORMS:
        for name, field in form.base_fields.items():
            field.label = field.label or gettext_lazy(pretty_name(name))
    for column in SitesView.columns:
        if type(column.label) is str:
            column.label = gettext_lazy(column.label)
    WagtailPaginator.items_count_label = property(_counted)
    PagePermissionsForm.base_fields["permissions"].label_from_instance = _name_of_permission


def _name_of_permission(permission):
    """The rows of permissions are written in English by migrate; «app | model | name» is more than anybody reads."""
    return gettext(permission.name)


def _counted(paginator):
    """«۶ صفحه»: Persian counts things in the singular."""
    one = paginator.count == 1 or get_language() == "fa"
    return f"{paginator.count} {paginator.verbose_name if one else paginator.verbose_name_plural}"
