"""Wagtail's content checks: every rule that words, headings, links and pictures of a page can break.

Rules about the frame of the page are ours to keep and tested by us; an editor could do nothing about them. Each rule
here has its own words, since axe speaks English.
"""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import AccessibilityItem, ContentCheckerItem

PATTERN_OF_EMPTY_WORDS = (
    r"\.(avif|gif|jpg|jpeg|png|svg|webp)$|_|^\s*(image|picture|photo|تصویر|عکس|نگاره)\s*[0-9۰-۹]*\s*$"
)

# axe's rule → (what is wrong, how to mend it).
RULES = {
    "alt-text-quality": (
        _("The words for a picture say nothing"),
        _("Say what the picture shows, not that it is a picture or what its file is called."),
    ),
    "image-alt": (_("A picture has no words"), _("Say in one sentence what it shows, or mark it as decoration.")),
    "empty-heading": (_("A heading is empty"), _("Write the heading or remove it.")),
    "heading-order": (
        _("A level of headings is left out"),
        _("Go down one level at a time; a screen reader counts them."),
    ),
    "page-has-heading-one": (_("The page has no main heading"), _("Each page needs one heading of the first level.")),
    "p-as-heading": (_("A bold paragraph stands for a heading"), _("Use a heading: only then it can be jumped to.")),
    "link-name": (_("A link has no words"), _("Write where the link leads.")),
    "identical-links-same-purpose": (
        _("Links with the same words lead to different places"),
        _("Give each link words that tell them apart."),
    ),
    "link-in-text-block": (
        _("A link cannot be told from the text"),
        _("Links in running text are underlined; leave it so."),
    ),
    "color-contrast": (_("Text is hard to read"), _("Its colour is too near to the colour behind it.")),
    "list": (_("A list holds something else than its items"), _("Use the list buttons of the editor.")),
    "listitem": (_("An item stands outside of a list"), _("Use the list buttons of the editor.")),
    "empty-table-header": (_("The head of a column is empty"), _("Say what the column holds.")),
    "td-headers-attr": (_("A table's cells and heads do not fit"), _("Make the table again with a head row.")),
    "th-has-data-cells": (_("The head of a column has no cells"), _("Fill the column or remove it.")),
    "button-name": (_("A button has no words"), _("Write what the button does.")),
    "input-button-name": (_("A button has no words"), _("Write what the button does.")),
    "frame-title": (_("Something embedded has no title"), _("Say in its title what it is.")),
    "duplicate-id-aria": (_("Two places have the same anchor"), _("Give one of them another anchor.")),
    "valid-lang": (_("A language is named wrongly"), _("Choose the language from the list.")),
    "empty-meta-description": (
        _("The page has no description"),
        _("Write one under «Promote»; search engines and feeds show it."),
    ),
}


class ContentChecks(ContentCheckerItem):
    axe_run_only = list(RULES)
    axe_messages = {rule: {"error_name": wrong, "help_text": mend} for rule, (wrong, mend) in RULES.items()}
    axe_custom_checks = [
        {"id": "check-image-alt-text", "options": {"pattern": PATTERN_OF_EMPTY_WORDS}},
        {"id": "check-empty-meta-description"},
    ]


def use_ours(items):
    """Ours in the place of Wagtail's own, among the items of the bar."""
    items[:] = [ContentChecks(item.in_editor) if type(item) is AccessibilityItem else item for item in items]
