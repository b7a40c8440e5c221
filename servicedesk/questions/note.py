"""A note between the questions, which is read and not answered."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from servicedesk.questions.question import LONGEST_HELP, QuestionType


class Note(QuestionType):
    name, label, icon, group = "note", _("Note (no question)"), "info-circle", _("Files and more")
    description = _("Something to read between the questions.")
    template = "servicedesk/questions/note.html"
    is_asked = False
    operators = ()
    left_out = ("required", "help", "example", "searchable")

    def own_blocks(self):
        return {"text": blocks.TextBlock(label=_("Text"), max_length=2 * LONGEST_HELP, rows=4)}
