"""On the admin's home page: why the guide has no PDF."""

from wagtail.admin.ui.components import Component

from home.models import GuidePdf


class PdfBanner(Component):
    """Shown to whoever may change a guide, while one cannot be printed; the link on the guide is hidden as long."""

    name = "pdf_banner"
    template_name = "home/pdf_banner.html"
    order = 46

    def get_context_data(self, parent_context):
        troubled = GuidePdf.objects.exclude(problem="").select_related("page")
        user = parent_context["request"].user
        mine = [row for row in troubled if row.page.permissions_for_user(user).can_edit()]
        return {"troubled": mine, "no_pango": any(row.problem == GuidePdf.Problem.PANGO for row in mine)}
