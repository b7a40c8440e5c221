"""The form of a service that is still being written, as its citizens will see it: nothing is kept, nothing is sent."""

import uuid

from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language

from servicedesk.form_display import parts_of, scripts_of
from servicedesk.models import DeskSettings, FormVersion, QuestionSet, ServicePage
from servicedesk.questions.outline import outline_of_set
from servicedesk.service_form import ServiceForm


def install():
    """Pages and sets ask for it; models know nothing of forms."""
    ServicePage.previews["form"] = _serve
    QuestionSet.serve_form_preview = _serve_set


def _serve(page, request):
    return _show(request, page.outline(), page.title, page)


def _serve_set(question_set, request):
    # A set has no address that would tell its language.
    with translation.override(question_set.locale.language_code):
        return _show(request, outline_of_set(question_set.questions, question_set.title), "", None)


def _show(request, outline, title, service):
    """All steps one below the other, so that conditions can be followed from one into the next."""
    # Not saved: what nobody was asked is no version.
    version = FormVersion(digest="", language=get_language(), content=outline.as_json())
    form = ServiceForm({"form_key": [str(uuid.uuid4())]}, service=service, version=version, desk=DeskSettings.load())
    form.leave_unjudged()
    here = {question.id for question in form.outline.questions}
    steps = [
        {
            "number": number,
            "title": step.title,
            "usual_fields": form.usual_fields(number),
            "parts": parts_of(form, number, here),
            "body_slot": form.body_slot(number),
        }
        for number, step in enumerate(form.outline.steps, 1)
    ]
    scripts = dict.fromkeys(script for step in steps for script in scripts_of(form, step["number"]))
    context = {"form": form, "title": title, "steps": steps, "scripts": scripts}
    return render(request, "servicedesk/form_preview.html", context)
