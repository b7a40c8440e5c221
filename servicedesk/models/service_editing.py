"""What the page editor says of a service while it is written: what keeps its form from going out, and what its sheet
still lacks."""

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

from servicedesk.models.message_text import OWN_WORDS, problems_of_text
from servicedesk.models.unit import Unit
from servicedesk.questions.outline import outline_of
from servicedesk.questions.problems import problems_of, routing_problems


def problems_by_field(outline, texts):
    """{field of the page: sentences about what would make a service useless to citizens}; only fields with such.
    ``texts``: {field: what its SMS says}."""
    routing = routing_problems(outline, Unit.objects.in_bulk()) if outline.routes else []
    found = {"form": problems_of(outline), "routing": routing}
    found |= {name: problems_of_text(texts.get(name) or "") for name in OWN_WORDS.values()}
    return {name: sentences for name, sentences in found.items() if sentences}


class ServicePageForm(WagtailAdminPageForm):
    # What was found in the form that was sent; None before one was.
    problems = None

    def clean(self):
        """What no citizen could fill in is refused when the page is to go out, or to be reviewed; a draft may be
        half done."""
        cleaned = super().clean()
        if "form" in cleaned and "routing" in cleaned:
            found = problems_by_field(outline_of(cleaned["form"], {}, cleaned["routing"]), cleaned)
            self.problems = [sentence for sentences in found.values() for sentence in sentences]
            for name, sentences in found.items() if not self.is_deferred_validation else ():
                # As one: Wagtail shows the first error of a StreamField alone.
                self.add_error(name, " • ".join(sentences))
        return cleaned


class FormRefused(Exception):
    """A form, or a shared part of forms, that no citizen could fill in was to go out. Drafts are not judged, and there
    are ways from one to the public without the page editor: a click on «approve» in a list, several pages at once, the
    timetable."""

    def __init__(self, page, sentences):
        """``page``: the ServicePage or QuestionSet."""
        super().__init__(f"{len(sentences)} problems in the form of {page.pk}")
        self.page, self.sentences = page, sentences


class FormProblemsPanel(Panel):
    """Tells the editor of a draft what will be refused when it is to go out. What he mends is gone from it with the
    next save by itself: templates/wagtailadmin/pages/edit_partials.html."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "servicedesk/staff/form_problems.html"

        def get_context_data(self, parent_context=None):
            sent = self.form.problems
            problems = self.instance.form_problems() if sent is None else sent
            return {**super().get_context_data(parent_context), "problems": problems}


class CompletenessPanel(Panel):
    """Tells the editor what the service sheet still lacks; it demands nothing."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "servicedesk/staff/completeness.html"

        def get_context_data(self, parent_context=None):
            page = self.instance
            missing = page.missing_from_sheet()
            context = super().get_context_data(parent_context)
            return {**context, "missing": missing, "filled": len(page.SHEET) - len(missing), "all": len(page.SHEET)}
