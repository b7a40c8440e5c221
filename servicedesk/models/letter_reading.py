"""What a letter says of itself: its files, its answers, its days. Reads, and changes nothing."""

from django.utils import timezone
from django.utils.functional import cached_property

from servicedesk import workflow
from servicedesk.questions.register import type_of
from servicedesk.workflow import Status


class LetterReading:
    """A part of Letter."""

    # What a page has fetched already with other rows.
    fetched_files = None

    @property
    def all_files(self):
        return self.attachments.all() if self.fetched_files is None else self.fetched_files

    @property
    def own_files(self):
        """What the citizen sent: the body, the files of questions, and those that were asked for later."""
        return [file for file in self.all_files if file.reply_id is None]

    @property
    def body_files(self):
        """The body of the letter: one file, or the scans of a paper letter. Where the citizen sent another for one that
        was removed, that one alone."""
        bodies = [file for file in self.own_files if file.question is None and file.completion_id is None]
        bodies.sort(key=lambda file: file.created_at)
        return bodies if self.is_from_counter else bodies[-1:]

    @property
    def body_file(self):
        """The last of ``body_files``, or None."""
        return self.body_files[-1] if self.body_files else None

    @property
    def lost_file(self):
        """The citizen's file in which the scanner found something and for which no other came, or None.

        Of a paper letter the unit has the paper, and asks nobody.
        """
        if self.is_from_counter:
            return None
        if self.body_file is not None and self.body_file.is_removed:
            return self.body_file
        replaced = {file.replaces for file in self.own_files}
        others = (file for file in self.own_files if file.question or file.completion_id)
        return next((file for file in others if file.is_removed and file.pk not in replaced), None)

    def file_rules(self, desk):
        """The rules for the file that this letter waits for: its question's, else those of its service, or the desk's
        where that page is gone."""
        lost = self.lost_file
        if lost is not None and lost.question and self.version:
            question = self.version.outline.by_id[str(lost.question)]
            return type_of(question).rules(question)
        return self.usual_file_rules(desk)

    def usual_file_rules(self, desk):
        """The rules for files that no question of its form asked for."""
        return self.service.file_rules(desk) if self.service else desk.body_file_rules

    @property
    def wants_file(self):
        """Whether the citizen is to send another file, since the scanner found something in the last one."""
        return self.status in workflow.OPEN and self.lost_file is not None

    @cached_property
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
    def is_open(self):
        return self.status in workflow.OPEN

    @property
    def is_resting(self):
        """Whether the promised day waits, since the citizen is asked for something."""
        return self.rests_since is not None

    @property
    def is_late(self):
        """Whether the promised day is over and the organisation still owes its answer. No status: a late letter keeps
        its own; one that waits for its citizen is not late."""
        return self.status == Status.IN_REVIEW and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def is_from_counter(self):
        return self.channel == self.Channel.COUNTER

    @property
    def is_opened_by_staff(self):
        """Whether anybody of the organisation has looked at the letter, or done something about it."""
        by_staff = self.events.exclude(actor=None).exclude(actor=self.citizen_id)
        return self.staff_views.exists() or by_staff.exists()

    @property
    def can_be_withdrawn(self):
        """Whether its citizen may take it back as it stands; the verb asks once more, under the lock."""
        return self.is_open and not self.is_from_counter and not self.is_opened_by_staff

    @property
    def final_answer(self):
        """The latest final answer, or None; free of cost where ``with_final_answers`` fetched it."""
        if hasattr(self, "final_answers"):
            return self.final_answers[0] if self.final_answers else None
        return self.replies.filter(is_final=True).order_by("-at", "-pk").first()

    @property
    def open_request(self):
        """The CompletionRequest that the citizen has not answered yet, or None."""
        return next((one for one in self.completion_requests.all() if one.is_open), None)
