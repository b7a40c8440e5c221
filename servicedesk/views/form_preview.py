"""The form of a service that is still being written, as its citizens will see it: nothing is kept, nothing is sent."""

import uuid

from django.shortcuts import render
from django.utils.translation import get_language

from servicedesk.models import DeskSettings, FormVersion, ServicePage
from servicedesk.service_form import ServiceForm


def install():
    """The page asks for it; models know nothing of forms."""
    ServicePage.serve_form_preview = _serve


def _serve(page, request):
    """All steps one below the other, so that conditions can be followed from one into the next."""
    content = page.outline().as_json()
    # Not saved: what nobody was asked is no version.
    version = FormVersion(digest="", language=get_language(), content=content)
    form = ServiceForm({"form_key": [str(uuid.uuid4())]}, service=page, version=version, desk=DeskSettings.load())
    form.leave_unjudged()
    here = {question.id for question in form.outline.questions}
    steps = [
        {
            "number": number,
            "title": step.title,
            "usual_fields": form.usual_fields(number),
            "parts": form.parts(number, here),
            "body_slot": form.body_slot(number),
        }
        for number, step in enumerate(form.outline.steps, 1)
    ]
    scripts = dict.fromkeys(script for step in steps for script in form.scripts(step["number"]))
    context = {"form": form, "service": page, "steps": steps, "scripts": scripts}
    return render(request, "servicedesk/form_preview.html", context)
