"""Blocks that any page may hold: text, note, figure, steps, questions, contact."""

from hashlib import sha256

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from home.figures import screens

# No italics: Persian has none. Headings are blocks' own, so that their levels never jump.
TEXT_FEATURES = ["bold", "ol", "ul", "link", "document-link"]
# Under which headings the editor's menu offers the blocks.
WORDS, PICTURES, LIVE, HOME = _("Wording"), _("Pictures"), _("Told by the desk itself"), _("Home page")
PREVIEW_TEXT = "<p>میز خدمت همیشه باز است؛ نامه‌تان را هر ساعتی که خواستید بفرستید.</p>"


class Heading(blocks.CharBlock):
    """A heading that names its part of the page."""

    def __init__(self, **kwargs):
        super().__init__(**{"label": _("Heading"), "max_length": 120, **kwargs})


class TextBlock(blocks.StructBlock):
    heading = Heading(required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=[*TEXT_FEATURES, "h3"])

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        group = WORDS
        description = _("A few paragraphs, with a heading if you like.")
        template = "home/blocks/text.html"
        preview_value = {"heading": "همیشه باز", "text": PREVIEW_TEXT}


class NoticeBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[("note", _("Good to know")), ("warning", _("Mind this"))],
        default="note",
    )
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "link"])

    class Meta:
        label = _("Note")
        icon = "info-circle"
        group = WORDS
        description = _("One thing that must not be missed, in a box.")
        template = "home/blocks/notice.html"
        preview_value = {"kind": "note", "text": "<p>پیش از شروع، نامه‌تان را در یک فایل آماده کنید.</p>"}


class FigureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        label = _("Picture")
        icon = "image"
        group = PICTURES
        description = _("A picture with a caption. Say in words what it shows, for those who cannot see it.")
        template = "home/blocks/figure.html"


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("What to do"), max_length=160)
    text = blocks.RichTextBlock(label=_("More words"), features=TEXT_FEATURES, required=False)
    figure = ImageBlock(label=_("Picture"), required=False)
    screen = blocks.ChoiceBlock(
        label=_("Picture of a screen"),
        choices=screens.choices,
        required=False,
        help_text=_("Kept fresh by the system. A picture of your own, above, takes its place."),
    )

    class Meta:
        label = _("Step")
        icon = "order-down"


class StepsBlock(blocks.StructBlock):
    heading = Heading(required=False)
    steps = blocks.ListBlock(StepBlock(), label=_("Steps"), min_num=1)

    class Meta:
        label = _("Steps")
        icon = "list-ol"
        group = WORDS
        description = _("What to do, one thing after the other. The numbers come by themselves.")
        template = "home/blocks/steps.html"
        preview_value = {
            "heading": "چگونه کار می‌کند",
            "steps": [
                {"title": "وارد شوید", "text": "", "figure": None, "screen": ""},
                {"title": "نامه را بفرستید", "text": "", "figure": None, "screen": ""},
            ],
        }


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=TEXT_FEATURES)

    class Meta:
        label = _("Question")
        icon = "help"


def question_anchor(child):
    """The id in the page of a question, an entry of a list: from its own id, which survives renaming and reordering.

    One that no editor has saved has none (Wagtail would draw another at each look); its words stand in.
    """
    own = child.original_id or sha256(child.value["question"].encode()).hexdigest()
    return f"q-{own[:8]}"


class QuestionsBlock(blocks.StructBlock):
    heading = Heading(required=False)
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        label = _("Questions and answers")
        icon = "help"
        group = WORDS
        description = _("Common questions; a reader opens the one that is his.")
        template = "home/blocks/questions.html"
        preview_value = {
            "heading": "پرسش‌های رایج",
            "questions": [{"question": "فرستادن نامه هزینه دارد؟", "answer": "<p>نه، رایگان است.</p>"}],
        }

    def get_context(self, value, parent_context=None):
        """Adds ``questions``: [(anchor, {question, answer})]."""
        context = super().get_context(value, parent_context=parent_context)
        context["questions"] = [(question_anchor(child), child.value) for child in value["questions"].bound_blocks]
        return context


class HoursBlock(blocks.StructBlock):
    days = blocks.CharBlock(label=_("Days"), max_length=80)
    hours = blocks.CharBlock(label=_("Hours"), max_length=80)

    class Meta:
        label = _("Opening hours")
        icon = "time"


class ContactBlock(blocks.StructBlock):
    heading = Heading()
    address = blocks.TextBlock(label=_("Address"), rows=2, required=False)
    telephone = blocks.CharBlock(
        label=_("Telephone"), max_length=40, required=False, help_text=_("With the area code; any digits will do.")
    )
    hours = blocks.ListBlock(HoursBlock(), label=_("Opening hours"), default=[])
    note = blocks.CharBlock(label=_("Remark"), max_length=200, required=False)

    class Meta:
        label = _("Contact and hours")
        icon = "mail"
        group = WORDS
        description = _("Where you are, how to ring you, and when you are open.")
        template = "home/blocks/contact.html"
        preview_value = {
            "heading": "نشانی و ساعت کار",
            "address": "خیابان نخست، ساختمان شهرداری",
            "telephone": "۰۰۰-۰۰۰۰۰۰۰۰",
            "hours": [{"days": "شنبه تا چهارشنبه", "hours": "۷:۳۰ تا ۱۴"}],
            "note": "",
        }
