"""The living style page: every part of the site in every state, made of the site's own templates and blocks.

For whoever changes the look; only on a local run. Nothing here is saved: letters and files exist for the page alone.
"""

import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.colours import contrast
from home.models import Banner, ContentPage, HomePage
from servicedesk.forms import TrackForm
from servicedesk.models import Attachment, DeskSettings, FormVersion, Letter, ServicePage, Unit
from servicedesk.models.attachment import State
from servicedesk.models.event import Event, Kind
from servicedesk.service_form import ServiceForm
from servicedesk.workflow import Status

REFERENCE = "4821730560"
# What is read, what it is read on, and the least ratio that WCAG 2.2 asks for: 4.5 for text, 3 for edges and signs.
PAIRS = [
    ("ink", "paper", 4.5),
    ("ink", "wash", 4.5),
    ("muted", "paper", 4.5),
    ("muted", "wash", 4.5),
    ("lapis", "paper", 4.5),
    ("on-lapis", "lapis", 4.5),
    ("link", "paper", 4.5),
    ("link", "wash", 4.5),
    ("turquoise", "paper", 3),
    ("edge", "paper", 3),
    ("focus", "paper", 3),
    *((f"{tone}-ink", f"{tone}-wash", 4.5) for tone in ("blue", "green", "amber", "grey", "red")),
    ("red-ink", "paper", 4.5),
]


@require_safe
def style_page(request):
    if not settings.LOCAL:
        raise Http404
    name, description = _("Roads and lighting"), _("Potholes, pavements, street lights")
    unit = Unit(pk=0, name=name, name_en=name, description=description, description_en=description)
    letters = [_letter(unit, status) for status in Status]
    late = _letter(unit, Status.IN_REVIEW)
    late.promised_on = timezone.localdate() - timedelta(days=1)
    files = [_file(state) for state in State]
    context = {
        "contrasts": contrasts(),
        "icons": sorted(f"icons/{path.name}" for path in (settings.BASE_DIR / "templates/icons").iterdir()),
        "banner_kinds": [
            Banner(text=_("On Saturday the town hall is closed."), kind=kind) for kind, _label in Banner.KINDS
        ],
        "letters": [*letters, late],
        "letter": letters[0],
        "body_file": files[1],
        "files": files,
        "answers": [
            {"is_final": final, "unit": unit, "at": timezone.now(), "text": _("The lamp has been replaced.")}
            for final in (True, False)
        ],
        "timeline": [_line(unit, kind) for kind in (Kind.SUBMITTED, Kind.FORWARDED, Kind.ANSWERED)],
        "page_obj": Paginator(range(60), 20).get_page(2),
        "blocks": _blocks(),
        **_forms(),
    }
    return render(request, "home/style.html", context)


def contrasts():
    """[{text, ground, light, dark, least}]: the tokens of desk.css in pairs, each with its colours and ratio by
    scheme as {text, ground, ratio, is_enough}."""
    light, dark = tokens()
    return [
        {"text": text, "ground": ground, "least": least, "light": _pair(light, text, ground, least)}
        | {"dark": _pair({**light, **dark}, text, ground, least)}
        for text, ground, least in PAIRS
    ]


def tokens():
    """({name: colour} light, {name: colour} dark): what desk.css says, colours without transparency alone."""
    css = Path(finders.find("css/desk.css")).read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    return tuple(
        {name: _six(colour) for name, colour in re.findall(r"--([\w-]+): (#(?:\w{3}|\w{6}));", block)}
        for block in (light, dark)
    )


def _six(colour):
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])


def _pair(palette, text, ground, least):
    ratio = contrast(palette[text], palette[ground])
    return {"text": palette[text], "ground": palette[ground], "ratio": f"{ratio:.1f}", "is_enough": ratio >= least}


def _letter(unit, status):
    return Letter(
        reference=REFERENCE,
        subject=_("The lamp at the corner of Willow Lane is out"),
        sender_name=_("A citizen"),
        unit=unit,
        status=status,
        submitted_at=timezone.now() - timedelta(days=2),
    )


def _file(state):
    return Attachment(name="نامه.pdf", size=412_300, state=state)


def _line(unit, kind):
    """As ``servicedesk.timeline`` makes it of a saved event."""
    html = render_to_string(f"servicedesk/timeline/{kind}.html", {"event": Event(kind=kind, unit=unit)})
    return {"html": html, "at": timezone.now()}


def _blocks():
    """[(name, block with its preview)]: what editors build pages from, each once."""
    streams = (HomePage.body.field.stream_block, ContentPage.body.field.stream_block)
    found = {name: block for stream in streams for name, block in stream.child_blocks.items()}
    return [(block.label, block.bind(block.get_preview_value())) for block in found.values() if _has_preview(block)]


def _has_preview(block):
    # A picture's preview would need somebody's picture.
    return block.meta.template and getattr(block.meta, "preview_value", None) is not None


def _forms():
    """The letter's form as it comes and with every error, and that of tracking with wrong numbers."""
    desk, service = DeskSettings.load(), ServicePage.objects.offered().first()
    forms = {"track_wrong": TrackForm({"reference": "123", "mobile": "0912"}, auto_id="wrong_%s")}
    if service:
        version = FormVersion(content=service.outline().as_json())
        fresh, failed = (
            ServiceForm({}, service=service, version=version, desk=desk, auto_id=f"{state}_%s")
            for state in ("fresh", "failed")
        )
        fresh.leave_unjudged()
        failed.judge()
        forms |= {"fresh": fresh, "failed": failed}
    kept = Attachment(name="نامه.png", size=210_000, state=State.PENDING)
    return {**forms, "rules": desk.body_file_rules, "kept_files": [kept]}
