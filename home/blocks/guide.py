"""Blocks of the help guide: numbered sections, their sub-sections, and the rules that are read live."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock

from home.blocks.text import PREVIEW_TEXT, TEXT_FEATURES, FigureBlock, Heading, NoticeBlock, QuestionsBlock, StepsBlock
from home.figures import screens
from servicedesk.models import DeskSettings, ServicePage


class Anchor(blocks.RegexBlock):
    """The last part of a section's address. It stays when the title changes, so that links stay whole."""

    def __init__(self, **kwargs):
        defaults = {
            "regex": r"^[a-z][a-z0-9-]*$",
            "label": _("Anchor"),
            "required": False,
            "max_length": 40,
            "help_text": _("The end of the section's address, such as sign-in. Small Latin letters; do not change it."),
            "error_messages": {"invalid": _("Use small Latin letters, digits and hyphens, a letter first.")},
        }
        super().__init__(**{**defaults, **kwargs})


class RulesBlock(blocks.StructBlock):
    heading = Heading(default=_("Rules for sending"), required=False)

    class Meta:
        label = _("Rules for sending")
        icon = "clipboard-list"
        description = _("Size, kinds of file and lengths, read from the desk's settings whenever the page is shown.")
        template = "home/blocks/rules.html"
        preview_value = {"heading": "قوانین ارسال اطلاعات"}

    def get_context(self, value, parent_context=None):
        """Adds ``desk``, ``rules`` (the desk's own), and ``services``: those with other rules, as (page, rules)."""
        context = super().get_context(value, parent_context=parent_context)
        desk = context.get("desk") or DeskSettings.load()
        general = desk.body_file_rules
        own = [(page, page.file_rules(desk)) for page in ServicePage.objects.offered()]
        return {
            **context,
            "desk": desk,
            "rules": general,
            "services": [(page, rules) for page, rules in own if rules != general],
        }


class ScreenBlock(blocks.StructBlock):
    screen = blocks.ChoiceBlock(label=_("Screen"), choices=screens.choices)
    picture = ImageBlock(
        label=_("A picture of your own"),
        required=False,
        help_text=_("Only if you want another one in its place. Remove it, and the system's picture comes back."),
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        label = _("Picture of a screen")
        icon = "view"
        description = _("One of the desk's own screens. The system takes the picture and keeps it fresh.")
        template = "home/blocks/screen.html"
        preview_value = {"screen": "sign-in", "picture": None, "caption": "صفحهٔ ورود"}


class ContentBlock(blocks.StreamBlock):
    paragraph = blocks.RichTextBlock(
        label=_("Paragraph"),
        icon="pilcrow",
        features=TEXT_FEATURES,
        template="home/blocks/paragraph.html",
        description=_("Running text with links and lists."),
        preview_value=PREVIEW_TEXT,
    )
    note = NoticeBlock()
    steps = StepsBlock()
    figure = FigureBlock()
    screen = ScreenBlock()
    rules = RulesBlock()
    questions = QuestionsBlock()

    class Meta:
        required = False


class SubsectionBlock(blocks.StructBlock):
    title = Heading(label=_("Title"))
    anchor = Anchor()
    content = ContentBlock(label=_("Content"))

    class Meta:
        label = _("Sub-section")
        icon = "h3"


class SectionBlock(blocks.StructBlock):
    title = Heading(label=_("Title"), help_text=_("Without its number; numbers come by themselves."))
    anchor = Anchor()
    content = ContentBlock(label=_("Content"))
    subsections = blocks.ListBlock(SubsectionBlock(), label=_("Sub-sections"), default=[])

    class Meta:
        label = _("Section")
        icon = "h2"
        description = _("A numbered section of the guide. It enters the table of contents by itself.")


class SectionsBlock(blocks.StreamBlock):
    section = SectionBlock()

    def clean(self, value):
        """Refuses an anchor that another section of the guide has: one link, one place."""
        cleaned = super().clean(value)
        seen, errors = set(), {}
        for index, section in enumerate(cleaned):
            anchors = [part["anchor"] for part in (section.value, *section.value["subsections"]) if part["anchor"]]
            if seen.intersection(anchors) or len(set(anchors)) < len(anchors):
                message = ValidationError(_("An anchor in this section is used twice in the guide."))
                errors[index] = StructBlockValidationError(block_errors={"anchor": message})
            seen.update(anchors)
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned
