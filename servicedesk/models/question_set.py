"""Questions that several services ask alike («مشخصات متقاضی»): written once, taken into each form as a section."""

from functools import reduce
from operator import or_

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.models import DraftStateMixin, PreviewableMixin, Revision, RevisionMixin, TranslatableMixin

from servicedesk.models.service import ServicePage
from servicedesk.models.service_editing import FormProblemsPanel, FormRefused
from servicedesk.questions.form_blocks import QuestionsField
from servicedesk.questions.outline import outline_of_set
from servicedesk.questions.problems import problems_of
from servicedesk.questions.question import LONGEST_LABEL


class QuestionSetForm(WagtailAdminModelForm):
    """Like that of a service: a draft may be half done, what goes out may not."""

    problems = None

    def clean(self):
        cleaned = super().clean()
        if "questions" in cleaned:
            self.problems = self.instance.problems_with(cleaned["questions"], cleaned.get("title", ""))
            if self.problems and not self.is_deferred_validation:
                # As one: Wagtail shows the first error of such a field alone.
                self.add_error("questions", " • ".join(self.problems))
        return cleaned


class UsagePanel(Panel):
    """The services that change with this set as soon as it is published."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "servicedesk/staff/set_usage.html"

        def get_context_data(self, parent_context=None):
            services = self.instance.services() if self.instance.pk else ()
            return {**super().get_context_data(parent_context), "services": services}


class QuestionSet(PreviewableMixin, DraftStateMixin, RevisionMixin, TranslatableMixin, models.Model):
    title = models.CharField(
        gettext_lazy("title"),
        max_length=LONGEST_LABEL,
        help_text=gettext_lazy("Citizens read it as the heading of these questions."),
    )
    questions = QuestionsField(verbose_name=gettext_lazy("questions"))

    _revisions = GenericRelation(
        Revision,
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="question_set",
        for_concrete_model=False,
    )

    base_form_class = QuestionSetForm
    # Without a timetable: a set goes out when somebody has looked at what it touches.
    panels = [
        UsagePanel(heading=gettext_lazy("Services that it stands in")),
        FormProblemsPanel(heading=gettext_lazy("Before it can be published")),
        FieldPanel("title"),
        FieldPanel("questions"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = gettext_lazy("shared question set")
        verbose_name_plural = gettext_lazy("shared question sets")
        ordering = ["title"]

    def __str__(self):
        # Wagtail names a draft without a title by its class.
        return self.title or _("(without a title)")

    @property
    def revisions(self):
        return self._revisions

    def services(self):
        """The services whose form takes it in, or that of another language in its place, as they are now; those that
        are not live yet too."""
        return _services_with(self.get_translations(inclusive=True).values_list("pk", flat=True))

    def services_that_name_it(self):
        """Those that would have a gap without it; where only its translation goes, they ask in the other language."""
        return _services_with([self.pk])

    def form_problems(self):
        return self.problems_with(self.questions, self.title)

    def problems_with(self, questions, title):
        """Sentences about what such questions would bring about: in the set itself, and in the services that are
        sound so far."""
        found = problems_of(outline_of_set(questions, title))
        if found or not self.pk:
            return found
        written = QuestionSet(pk=self.pk, locale_id=self.locale_id, title=title, questions=questions, live=True)
        in_place_of = dict.fromkeys(self.get_translations(inclusive=True).values_list("pk", flat=True), written)
        for service in self.services().live():
            if not service.form_problems():
                found += [
                    _("In the service “%(service)s”: %(problem)s") % {"service": service.title, "problem": sentence}
                    for sentence in service.form_problems(in_place_of)
                ]
        return found

    def publish(self, revision, *args, **kwargs):
        """Raises FormRefused."""
        if sentences := revision.as_object().form_problems():
            raise FormRefused(self, sentences)
        return super().publish(revision, *args, **kwargs)

    def serve_preview(self, request, mode_name):
        return self.serve_form_preview(request)

    # Given by views/form_preview.py, which knows forms.
    serve_form_preview = None


def _services_with(pks):
    named = [Q(form__contains=[{"type": "shared", "value": {"question_set": pk}}]) for pk in pks]
    return ServicePage.objects.filter(reduce(or_, named)).order_by("title")
