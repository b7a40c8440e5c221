"""Words of Wagtail that would not be in the language of who reads them.

Some it shows without asking any catalogue: it makes them of the names of attributes. Each is looked up in ours from
here on; «forgotten» entries in site/locale_wagtail hold their Persian. Where a later Wagtail gives a label of its own,
that one stays.

Others it translates once, as it is loaded, when nobody has a language yet; they are put again so that they are
translated whenever they are shown. And one is said where the person's own language has already been left.
"""

from functools import wraps

from django.forms.utils import pretty_name
from django.utils.translation import get_language, gettext, gettext_lazy
from wagtail.admin import auth
from wagtail.admin.forms import choosers
from wagtail.admin.forms.collections import GroupCollectionManagementPermissionFormSet
from wagtail.admin.forms.workflows import WorkflowPageForm
from wagtail.admin.localization import get_localized_response
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.contrib.redirects.filters import RedirectsReportFilterSet
from wagtail.documents.forms import GroupDocumentPermissionFormSet
from wagtail.images.forms import GroupImagePermissionFormSet
from wagtail.sites.views import IndexView as SitesView
from wagtail.users.forms import PagePermissionsForm
from wagtail.users.views.bulk_actions.assign_role import RoleForm

# Wagtail's own words: under this name makemessages does not take them for ours.
theirs = gettext_lazy

FORMS = (
    choosers.ExternalLinkChooserForm,
    choosers.AnchorLinkChooserForm,
    choosers.EmailLinkChooserForm,
    choosers.PhoneLinkChooserForm,
    WorkflowPageForm,
    PagePermissionsForm,
    RoleForm,
)

SHORT_NAMES = {"add": "Add", "change": "Edit", "choose": "Choose", "delete": "Delete"}
# form set → the long names of the permissions that it lists, in its order.
OF_COLLECTIONS = {
    GroupImagePermissionFormSet: ("Add/edit images you own", "Edit any image", "Select images in choosers"),
    GroupDocumentPermissionFormSet: (
        "Add/edit documents you own",
        "Edit any document",
        "Select documents in choosers",
    ),
    GroupCollectionManagementPermissionFormSet: ("Add collections", "Edit collections", "Delete collections"),
}


def install():
    _label_the_unlabelled()
    _translate_when_shown()
    auth.permission_denied = _in_ones_language(auth.permission_denied)


def _label_the_unlabelled():
    for form in FORMS:
        for name, field in form.base_fields.items():
            field.label = field.label or gettext_lazy(pretty_name(name))
    for column in SitesView.columns:
        if type(column.label) is str:
            column.label = gettext_lazy(column.label)
    WagtailPaginator.items_count_label = property(_counted)
    PagePermissionsForm.base_fields["permissions"].label_from_instance = _name_of_permission


def _translate_when_shown():
    kinds = RedirectsReportFilterSet.base_filters["is_permanent"]
    kinds.label = theirs("Type")
    kinds.extra["empty_label"] = theirs("All")
    kinds.extra["choices"] = ((True, theirs("Permanent")), (False, theirs("Temporary")))
    ChooserViewSet.search_tab_label = theirs("Search")
    for form_set, long_names in OF_COLLECTIONS.items():
        form_set.form.base_fields["collection"].label = theirs("Collection")
        # Changed in place: the fields' own labels are read from this very list.
        form_set.permission_types[:] = [
            (codename, theirs(SHORT_NAMES[codename.split("_")[0]]), theirs(long_name))
            for (codename, *_names), long_name in zip(form_set.permission_types, long_names, strict=True)
        ]


def _in_ones_language(permission_denied):
    @wraps(permission_denied)
    def denied(request):
        return get_localized_response(permission_denied, request)

    return denied


def _name_of_permission(permission):
    """The rows of permissions are written in English by migrate; «app | model | name» is more than anybody reads."""
    return gettext(permission.name)


def _counted(paginator):
    """«۶ صفحه»: Persian counts things in the singular."""
    one = paginator.count == 1 or get_language() == "fa"
    return f"{paginator.count} {paginator.verbose_name if one else paginator.verbose_name_plural}"
