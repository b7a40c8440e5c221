"""What a service asks: the four usual fields, its own questions, and which unit their answers lead to."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from servicedesk.models.desk_settings import KILOBYTE, KindsField
from servicedesk.models.service_editing import FormProblemsPanel
from servicedesk.questions.file import MOST_KILOBYTES
from servicedesk.questions.form_blocks import FormField
from servicedesk.questions.outline import USUAL_LABELS, StandardField, outline_of
from servicedesk.questions.routing import RoutingField
from servicedesk.uploads.inspection import Rules
from servicedesk.uploads.kinds import known_kinds

ASKED = [("required", _("asked and required")), ("optional", _("asked, may stay empty")), ("none", _("not asked"))]
LONGEST_LABEL = 100


class AskedForm(models.Model):
    # The four fields that every letter has; subject and unit are always asked.
    name_label = models.CharField(_("what the name is called"), max_length=LONGEST_LABEL, blank=True)
    name_asked = models.CharField(_("the name is"), max_length=10, choices=ASKED, default="required")
    subject_label = models.CharField(_("what the subject is called"), max_length=LONGEST_LABEL, blank=True)
    unit_label = models.CharField(_("what the unit is called"), max_length=LONGEST_LABEL, blank=True)
    file_label = models.CharField(_("what the letter's body file is called"), max_length=LONGEST_LABEL, blank=True)
    file_asked = models.CharField(_("the body file is"), max_length=10, choices=ASKED, default="required")
    file_kinds = KindsField(
        _("its kinds"), default=list, blank=True, help_text=_("None chosen: the kinds that the whole desk takes.")
    )
    file_kilobytes = models.PositiveIntegerField(
        _("its largest size, in kilobytes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(10), MaxValueValidator(MOST_KILOBYTES)],
        help_text=_("Empty: as the whole desk has it. 1024 kilobytes are one megabyte."),
    )
    form = FormField(verbose_name=_("questions"))
    routing = RoutingField(
        verbose_name=_("units by answers"),
        help_text=_(
            "Tried from the top: a letter goes to the first unit whose condition fits. The last stands without a "
            "condition and gets all others. Left empty, citizens choose the unit themselves."
        ),
    )

    form_panels = [
        FormProblemsPanel(heading=_("Before it can be published")),
        FieldPanel(
            "form",
            help_text=_(
                "Put a section here with +, and the questions into it. A long form is cut by “New step from here”. "
                "The preview shows it as citizens will see it."
            ),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name_label"), FieldPanel("name_asked")]),
                FieldRowPanel([FieldPanel("subject_label"), FieldPanel("unit_label")]),
                FieldRowPanel([FieldPanel("file_label"), FieldPanel("file_asked")]),
                FieldPanel("file_kinds"),
                FieldPanel("file_kilobytes"),
            ],
            heading=_("The four usual fields"),
            help_text=_("Left empty, they are called as everywhere on the desk."),
        ),
        # Below the questions: its conditions ask about those above them.
        FieldPanel("routing"),
    ]

    class Meta:
        abstract = True

    def file_rules(self, desk):
        """The rules (uploads' ``Rules``) for the body file of this service's letters: its own, as far as it has them,
        else those of the DeskSettings ``desk``.

        Form, check, error, service page and guide all ask here."""
        usual = desk.body_file_rules
        kinds = frozenset(self.file_kinds or ()) & frozenset(known_kinds())
        return Rules(
            kinds=kinds or usual.kinds,
            max_bytes=self.file_kilobytes * KILOBYTE if self.file_kilobytes else usual.max_bytes,
        )

    def outline(self, sets=None):
        """The Outline of its form as the page stands, with labels in the language in use. ``sets``: see outline_of."""
        labels = {
            "sender_name": self.name_label,
            "subject": self.subject_label,
            "unit": self.unit_label,
            "body_file": self.file_label,
        }
        asked = {"sender_name": self.name_asked, "body_file": self.file_asked}
        standard = {
            name: StandardField(labels[name] or str(usual), asked.get(name, "required"))
            for name, usual in USUAL_LABELS.items()
        }
        return outline_of(self.form, standard, self.routing, sets)
