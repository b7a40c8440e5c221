"""What a letter says of itself: its files, its answers, its day. Reads, and changes nothing."""

from django.utils import timezone
from django.utils.functional import cached_property

from servicedesk import workflow
from servicedesk.questions.register import type_of


class LetterReading:
    """A part of Letter."""

    @property
    def body_file(self):
        """The body of the letter; the latest where the citizen sent another for one that was removed."""
        own = [file for file in self.own_files if file.question is None]
        return max(own, key=lambda file: file.created_at, default=None)

    @property
    def own_files(self):
        """What the citizen sent: the body and the files of questions."""
        return [file for file in self.attachments.all() if file.reply_id is None]

    @property
    def lost_file(self):
        """The citizen's file in which the scanner found something and for which no other came, or None."""
        if self.body_file is not None and self.body_file.is_removed:
            return self.body_file
        replaced = {file.replaces for file in self.own_files}
        lost = (file for file in self.own_files if file.question and file.is_removed and file.pk not in replaced)
        return next(lost, None)

    def file_rules(self, desk):
        """The rules for the file that this letter waits for: its question's, else those of its service, or the desk's
        where that page is gone."""
        lost = self.lost_file
        if lost is not None and lost.question and self.version:
            question = self.version.outline.by_id[str(lost.question)]
            return type_of(question).rules(question)
        return self.service.file_rules(desk) if self.service else desk.body_file_rules

    @property
    def wants_file(self):
        """Whether the citizen is to send another file, since the scanner found something in the last one."""
        return self.status in workflow.OPEN and self.lost_file is not None

    @property
    def own_labels(self):
        """{name: label} of those of the four usual fields that its form called otherwise than the desk does."""
        return self.version.own_labels if self.version else {}

    @cached_property
    def answered_sections(self):
        """What was answered, as [(the section's title, [{"label", "text", "files"}])], in the form's order and words.

        Only what was asked of this citizen; a file stands with its question.
        """
        if self.version is None:
            return []
        answers = {str(answer.question): answer for answer in self.answers.all()}
        sections = [section for step in self.version.outline.steps for section in step.sections]
        found = [
            (
                section.title,
                [
                    {"label": question.label, "text": answers[question.id].text, "files": self._files_of(question)}
                    for question in section.questions
                    if question.id in answers
                ],
            )
            for section in sections
        ]
        return [(title, rows) for title, rows in found if rows]

    def _files_of(self, question):
        return [file for file in self.own_files if str(file.question) == question.id]

    @property
    def is_late(self):
        """Whether the promised day is over and the letter is still open. No status: a late letter keeps its own."""
        return self.status in workflow.OPEN and self.promised_on is not None and self.promised_on < timezone.localdate()

    @property
    def final_answer(self):
        """The latest final answer, or None; free of cost where ``with_final_answers`` fetched it."""
        if hasattr(self, "final_answers"):
            return self.final_answers[0] if self.final_answers else None
        return self.replies.filter(is_final=True).order_by("-at", "-pk").first()
