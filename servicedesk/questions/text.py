"""Text in one line or in several."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from servicedesk.fields.text import LineField, ParagraphField
from servicedesk.questions.question import QuestionType

# What the editor may set at the most, and what stands where nothing is set.
LONGEST_LINE, USUAL_LINE = 500, 200
LONGEST_TEXT, USUAL_TEXT = 10_000, 2_000


def _lengths(longest):
    return {
        "shortest": blocks.IntegerBlock(label=_("Fewest characters"), required=False, min_value=1, max_value=longest),
        "longest": blocks.IntegerBlock(label=_("Most characters"), required=False, min_value=1, max_value=longest),
    }


class _Text(QuestionType):
    group = _("Text")
    rarely_set = ("shortest", "longest")
    own_field, usual, most = None, 0, 0

    def own_blocks(self):
        return _lengths(self.most)

    def problems(self, question):
        shortest, longest = question.options.get("shortest", 0), question.options.get("longest", self.usual)
        return [_("The fewest characters are more than the most.")] if shortest > longest else []

    def field(self, question):
        lengths = {"longest": self.usual, **question.options}
        return self.own_field(**lengths)


class ShortText(_Text):
    name, label, icon = "short_text", _("Short text"), "minus"
    description = _("One line, such as a name.")
    own_field, usual, most = LineField, USUAL_LINE, LONGEST_LINE


class LongText(_Text):
    name, label, icon = "long_text", _("Long text"), "bars"
    description = _("Several lines, such as a description.")
    own_field, usual, most = ParagraphField, USUAL_TEXT, LONGEST_TEXT
