"""Questions and answers by subject."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from home.blocks.text import Heading, QuestionBlock, question_anchor


@dataclass(frozen=True)
class Question:
    """anchor: its id in the page. answer: rich text."""

    anchor: str
    question: str
    answer: object


@dataclass(frozen=True)
class Subject:
    anchor: str
    title: str
    questions: list[Question]


class SubjectBlock(blocks.StructBlock):
    title = Heading(label=_("Subject"))
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        label = _("Subject")
        icon = "folder-open-inverse"
        description = _("What the questions below it are about; a visitor jumps to it from the top of the page.")


class SubjectsBlock(blocks.StreamBlock):
    subject = SubjectBlock()


class QuestionsPage(Page):
    introduction = models.TextField(_("introduction"), max_length=400, blank=True)
    subjects = StreamField(SubjectsBlock(), verbose_name=_("subjects"))

    parent_page_types = ["home.HomePage"]
    subpage_types = []
    template = "home/questions_page.html"
    page_description = _("Common questions by subject; each answer has an address of its own.")

    content_panels = Page.content_panels + [FieldPanel("introduction"), FieldPanel("subjects")]
    search_fields = Page.search_fields + [index.SearchField("introduction"), index.SearchField("subjects")]

    class Meta:
        verbose_name = _("questions and answers")
        verbose_name_plural = _("questions and answers")

    def by_subject(self):
        """The subjects as a list of ``Subject``. Anchors come from the blocks' ids, so renaming breaks no link."""
        found = []
        for number, block in enumerate(self.subjects, start=1):
            questions = [
                Question(question_anchor(child), child.value["question"], child.value["answer"])
                for child in block.value["questions"].bound_blocks
            ]
            anchor = f"s-{block.id[:8] if block.id else number}"
            found.append(Subject(anchor, block.value["title"], questions))
        return found
