"""The editor's panels of a whole form: steps, sections, and the questions in them."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.snippets.blocks import SnippetChooserBlock

from servicedesk.questions.conditions import ConditionBlock
from servicedesk.questions.question import LONGEST_HELP, LONGEST_LABEL
from servicedesk.questions.register import TYPES

MOST_QUESTIONS = 300


class QuestionsBlock(blocks.StreamBlock):
    """Questions one below the other; each type of the register is on offer."""

    def __init__(self, **kwargs):
        super().__init__([(name, kind.block()) for name, kind in TYPES.items()], **kwargs)


class SectionBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=LONGEST_LABEL)
    questions = QuestionsBlock(label=_("Questions"), required=False)
    help = blocks.TextBlock(label=_("Help"), required=False, max_length=LONGEST_HELP, rows=2)
    condition = ConditionBlock(label=_("When to show it"), required=False)

    class Meta:
        icon = "form"
        label = _("Section")
        description = _("Questions that belong together, under a heading.")
        label_format = "{title}"
        form_layout = blocks.BlockGroup(children=["title", "help", "condition", "questions"])


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Name of the step"), max_length=LONGEST_LABEL)

    class Meta:
        icon = "arrow-right"
        label = _("New step from here")
        description = _("What follows stands on a page of its own.")
        label_format = "{title}"


class SharedBlock(blocks.StructBlock):
    """Questions that stand in several services."""

    # By its name: models lie above.
    question_set = SnippetChooserBlock("servicedesk.QuestionSet", label=_("Which of them"))
    condition = ConditionBlock(label=_("When to show it"), required=False)

    class Meta:
        icon = "copy"
        label = _("Shared question set")
        description = _("Questions that several services ask alike.")
        label_format = "{question_set}"


class FormBlock(blocks.StreamBlock):
    section = SectionBlock()
    shared = SharedBlock()
    step = StepBlock()


class FormField(StreamField):
    """The StreamField of a form. Its blocks stay out of the migrations: a new type of question changes no table."""

    def __init__(self, *_given, **options):
        super().__init__(self.outermost(required=False), **{"blank": True, **options})

    outermost = FormBlock

    def deconstruct(self):
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs


class QuestionsField(FormField):
    """Questions without sections and steps."""

    outermost = QuestionsBlock
