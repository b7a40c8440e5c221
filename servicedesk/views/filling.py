"""Filling in the form of a letter: one step of it, all of it before sending, and the one letter that it makes.

Nothing typed is lost on the way: what does not do, or is not finished, is kept as a Draft with its files.
"""

import uuid

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servicedesk import persian
from servicedesk.form_display import overview_of, parts_of, scripts_of
from servicedesk.models import Attachment, DeskSettings, Draft, FormVersion, Letter, LimitReached
from servicedesk.models.opening import TooOften
from servicedesk.models.verbs.verb import FileGone
from servicedesk.service_form import HIDDEN, NO_BODY_FILE, ON_FIRST_STEP, ServiceForm
from servicedesk.views import late_posts
from servicedesk.views.uploading import in_turn, let_go, take_files

CHOOSE_FILE_AGAIN = gettext_lazy("You were signed out meanwhile. Your text is kept; please choose the file once more.")
TOO_MANY_LETTERS = gettext_lazy(
    "You have sent many letters in a short time. Your text and file are kept; go on in an hour."
)
CAME_INCOMPLETE = gettext_lazy("This form came incomplete. What you wrote is below; please send it once more.")
FORM_CHANGED = gettext_lazy("This form has changed since you opened it. What you filled in is kept.")


class Filling:
    """One citizen's form at work: what was typed so far, its files, and the version by which it is judged."""

    def __init__(self, request, service, *, step=1, draft=None):
        self.request, self.citizen, self.service, self.step, self.draft = request, request.user, service, step, draft
        self.form_key = draft.form_key if draft else None
        self.typed = dict(draft.typed) if draft else {}
        # Whether the key was made a moment ago, so that nothing can be kept under it.
        self.is_fresh = False

    @cached_property
    def desk(self):
        return DeskSettings.load(request_or_site=self.request)

    @cached_property
    def current(self):
        return FormVersion.current(self.service)

    # --- Asking for a page -----------------------------------------------------------------------

    def show(self):
        """The step with what was typed before; nothing is judged."""
        self._come_up_to_date()
        self._take_late_post()
        if words := self._shut():
            return self._shut_page(words)
        if self.draft is None and "sender_name" not in self.typed:
            self.typed["sender_name"] = [self.citizen.last_name_used]
        if self.form_key is None:
            self.form_key, self.is_fresh = uuid.uuid4(), True
        form = self._form(self.current)
        if self.step > form.last_step:
            return redirect("desk:draft-step", self.form_key, form.last_step)
        return self._page(form.leave_unjudged())

    def show_check(self):
        """All that was filled in, before it is sent, with what is still missing."""
        self._come_up_to_date()
        if words := self._shut():
            return self._shut_page(words)
        form = self._form(self.current)
        form.judge()
        return self._check_page(form)

    def _shut(self):
        """Why this citizen can send no letter of this service now, in words; "" where he can."""
        if words := self.service.closed_in_words():
            return words
        try:
            self.service.check_how_often(self.citizen)
        except TooOften as too_often:
            return too_often.in_words()
        return ""

    def _shut_page(self, words, status=200):
        context = {"service": self.service, "words": words, "draft": self.draft}
        return render(self.request, "servicedesk/service_shut.html", context, status=status)

    def _come_up_to_date(self):
        """Moves a draft to the form as it is now, and says what is new in it."""
        if self.draft is None or self.draft.version_id == self.current.pk:
            return
        known = self.draft.version.outline.by_id
        new = [question.label for question in self.current.outline.asked if question.id not in known]
        said = [str(FORM_CHANGED)]
        if new:
            said.append(_("New in it: %(questions)s.") % {"questions": persian.listed(f"«{label}»" for label in new)})
        messages.info(self.request, " ".join(said))
        self._keep(self.current)

    def _take_late_post(self):
        """What was sent after the session's end comes back, as a draft."""
        late = late_posts.take(self.request.session, self.citizen, self.form_key)
        if late is None:
            return
        self.form_key = self.form_key or _key_in(late) or uuid.uuid4()
        messages.info(self.request, CHOOSE_FILE_AGAIN)
        self._keep(self.current, late)

    # --- Taking a form ---------------------------------------------------------------------------

    def take_step(self):
        """One POST of a step: on to the next, or to the receipt; else the step again with everything that was given."""
        version = self._posted_version()
        posted = late_posts.typed_in(self.request)
        self.form_key = _key_in(posted)
        if self.form_key is None:
            self.form_key, self.typed = uuid.uuid4(), {**self.typed, **posted}
            form = self._form(version)
            form.judge(self.step)
            form.add_error(None, CAME_INCOMPLETE)
            return self._page(form, 422)
        if receipt := self._earlier_receipt():
            return receipt
        self.typed = {**self.typed, **self._typed_on_step(version, posted)}
        if words := self._shut():
            self._keep(version)
            return self._shut_page(words, 422)
        if self.request.POST.get("version", version.key) != version.key:
            return self._with_new_form(version)
        form = self._form(version)
        if self.step > form.last_step:
            return redirect("desk:draft-step", self.form_key, form.last_step)
        if "remove_file" in self.request.POST:
            return self._without_file(form, version)
        if "back" in self.request.POST and self.step > 1:
            self._keep(version, step=self.step - 1)
            return redirect("desk:draft-step", self.form_key, self.step - 1)
        return in_turn(
            self.request,
            form,
            form.slots(self.step),
            self.form_key,
            done=self._earlier_receipt,
            send=lambda: self._go_on(form, version),
            again=lambda: self._again(form, version),
        )

    def take_check(self):
        """The POST of the look before sending: to the receipt, or the same page with what is missing."""
        if receipt := self._earlier_receipt():
            return receipt
        if words := self._shut():
            return self._shut_page(words, 422)
        version = self._posted_version()
        form = self._form(version)
        if self.request.POST.get("version") != version.key:
            form.judge()
            messages.info(self.request, FORM_CHANGED)
            return self._check_page(form, 422)
        return self._submit(form) if form.judge() else self._check_page(form, 422)

    def _posted_version(self):
        """The version that the citizen had before his eyes, while it may still be judged by; else the current one."""
        shown = self.request.POST.get("version", "")
        return FormVersion.objects.acceptable(self.service).filter(digest=shown).first() or self.current

    def _typed_on_step(self, version, posted):
        """What this step says now: of its fields that did not come (a box that was unticked) that nothing was typed."""
        outline = version.outline
        here = outline.steps[self.step - 1].questions if self.step <= len(outline.steps) else []
        names = tuple(question.field_name for question in here)
        silent = {name: [] for name in self.typed if name.startswith(names)} if names else {}
        # What no question asks for is not kept: a draft is no place for anything.
        known = (*HIDDEN, *ON_FIRST_STEP, *(question.field_name for question in outline.questions))
        return {**silent, **{name: values for name, values in posted.items() if name.startswith(known)}}

    def _earlier_receipt(self):
        earlier = Letter.objects.filter(citizen=self.citizen, form_key=self.form_key).first()
        return self._receipt_of(earlier) if earlier else None

    def _with_new_form(self, version):
        """The form was opened too long ago: the new one, with all that was typed, and what is new said."""
        self._keep(version)
        messages.info(self.request, FORM_CHANGED)
        form = self._form(version)
        self.step = min(self.step, form.last_step)
        form.judge(self.step)
        return self._page(form, 422)

    def _without_file(self, form, version):
        """The form as it was filled, one kept file let go; nothing else is judged yet."""
        for slot in form.slots(self.step):
            kept = form.files_in(slot)
            if any(str(file.pk) == self.request.POST["remove_file"] for file in kept):
                # Where one file belongs, an older one must not come back in its place.
                going = [file for file in form.kept if file.question == kept[0].question] if slot.most == 1 else kept
                for file in going:
                    if slot.most == 1 or str(file.pk) == self.request.POST["remove_file"]:
                        file.discard()
        self._keep(version)
        return self._page(self._form(version).leave_unjudged())

    def _go_on(self, form, version):
        take_files(self.request, form, self.step, self.form_key)
        if not form.judge(self.step):
            return self._again(form, version)
        if form.last_step == 1:
            return self._submit(form)
        if self.step == form.last_step or self._edits_one(form):
            self._keep(version, step=form.last_step)
            return redirect("desk:draft-check", self.form_key)
        self._keep(version, step=self.step + 1)
        return redirect("desk:draft-step", self.form_key, self.step + 1)

    def _edits_one(self, form):
        """Whether the citizen comes from the look before sending, by «Edit», and shall get back to it at once."""
        return form.last_step > 1 and self.request.GET.get("then") == "check"

    def _again(self, form, version, status=422):
        self._keep(version)
        return self._page(form, status)

    def _submit(self, form):
        try:
            letter = Letter.submit(
                citizen=self.citizen, service=self.service, form_key=self.form_key, content=form.content()
            )
        except LimitReached:
            form.add_error(None, TOO_MANY_LETTERS)
            status = 429
        except TooOften as too_often:
            # By another form of his, a moment ago.
            self._keep(form.form_version)
            return self._shut_page(too_often.in_words(), 422)
        except FileGone:
            # In another tab, or by the scanner, a moment ago.
            form = self._form(form.form_version)
            form.judge()
            if not form.errors:
                form.add_error(None, NO_BODY_FILE)
            status = 422
        else:
            # Files that were chosen and then not sent: replaced ones, and those of questions that are not asked.
            let_go(self.citizen, self.form_key)
            return self._receipt_of(letter)
        if form.last_step > 1:
            return self._check_page(form, status)
        return self._again(form, form.form_version, status)

    # --- What both are made of -------------------------------------------------------------------

    def _form(self, version):
        typed = {**self.typed, "form_key": [str(self.form_key)], "owner": [late_posts.mark_of(self.citizen)]}
        kept = Attachment.objects.kept_for(self.citizen, self.form_key) if not self.is_fresh else ()
        return ServiceForm(typed, service=self.service, version=version, desk=self.desk, kept=kept)

    def _keep(self, version, typed=None, step=None):
        """Writes the draft: what was typed so far, judged or not."""
        self.typed = {**self.typed, **(typed or {})}
        self.draft = Draft.keep(
            citizen=self.citizen,
            form_key=self.form_key,
            service=self.service,
            version=version,
            typed={name: values for name, values in self.typed.items() if name not in HIDDEN},
            step=step or self.step,
        )

    def _receipt_of(self, letter):
        """To the receipt; when the form was changed after it had been sent, that is said."""
        sent = {"sender_name": letter.sender_name, "subject": letter.subject}
        if any(persian.tidy(self.request.POST.get(name, "")) not in ("", value) for name, value in sent.items()):
            messages.warning(
                self.request,
                _("This form had been sent before; below is what was sent then. For another letter open a new form."),
            )
        return redirect("desk:receipt", letter.reference)

    def _page(self, form, status=200):
        context = {
            "form": form,
            "service": self.service,
            "can_start": form.can_start,
            "step": self.step,
            "step_title": form.outline.steps[self.step - 1].title,
            "steps": form.last_step,
            "edits_one": self._edits_one(form),
            "draft": self.draft,
            "usual_fields": form.usual_fields(self.step),
            "parts": parts_of(form, self.step),
            "body_slot": (body := form.body_slot(self.step)),
            "body_files": form.files_in(body) if body else [],
            "rules": body.rules if body else None,
            "scripts": scripts_of(form, self.step),
        }
        return render(self.request, "servicedesk/letter_form.html", context, status=status)

    def _check_page(self, form, status=200):
        context = {"form": form, "service": self.service, "draft": self.draft, "overview": overview_of(form)}
        return render(self.request, "servicedesk/letter_check.html", context, status=status)


def _key_in(typed):
    """The form's key as it came, or None where it was lost on the way."""
    try:
        return uuid.UUID(typed.get("form_key", [""])[0])
    except (ValueError, IndexError):
        return None
