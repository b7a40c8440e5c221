"""The code guards its own shape."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import get_template

from servicedesk.models.event import CHANNELS, INTERNAL, Kind
from servicedesk.staff.verbs.register import VERBS

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("config", "home", "servicedesk")
# From the top down; a module may import its own layer and those below it.
LAYERS = [
    ("config",),
    ("home",),
    ("servicedesk.wagtail_hooks", "servicedesk.urls", "servicedesk.management"),
    ("servicedesk.views", "servicedesk.staff", "servicedesk.context", "servicedesk.middleware", "servicedesk.backends"),
    (
        "servicedesk.forms",
        "servicedesk.service_form",
        "servicedesk.form_display",
        "servicedesk.sign_in_forms",
        "servicedesk.tasks",
        "servicedesk.checks",
        "servicedesk.apps",
    ),
    (
        "servicedesk.outgoing",
        "servicedesk.checking",
        "servicedesk.storekeeping",
        "servicedesk.sweeping",
        "servicedesk.standby",
        "servicedesk.owed_mail",
        "servicedesk.password_links",
        "servicedesk.promises",
        "servicedesk.figures",
        "servicedesk.digest",
        "servicedesk.bulk",
        "servicedesk.purging",
        "servicedesk.holiday_seeding",
        "servicedesk.timeline",
        "servicedesk.security_code",
        "servicedesk.proof_of_work",
        "servicedesk.spoken_code",
        "servicedesk.backup",
        "servicedesk.own_data",
        "servicedesk.exchange",
        "servicedesk.ready_services",
    ),
    ("servicedesk.delivery",),
    ("servicedesk.models",),
    # What an editor can ask, and the form that comes of it.
    ("servicedesk.questions",),
    ("servicedesk.fields",),
    ("servicedesk.uploads",),
    (
        "servicedesk.templatetags",
        "servicedesk.official_holidays",
        "servicedesk.client_address",
        "servicedesk.known_browser",
        "servicedesk.browsers",
        "servicedesk.waiting",
        "servicedesk.zip_outlet",
        "servicedesk.qr_code",
        "servicedesk.printing",
        "servicedesk.page_cache",
        "servicedesk.page_generation",
    ),
    (
        "servicedesk.workflow",
        "servicedesk.roles",
        "servicedesk.references",
        "servicedesk.identifiers",
        "servicedesk.persian",
        "servicedesk.jalali_formats",
        "servicedesk.bilingual",
        "servicedesk.working_days",
    ),
]
# Inside the models the files build on each other in this order.
MODEL_ORDER = (
    "broker",
    "limit",
    "words",
    "user",
    "absence",
    "user_session",
    "unit",
    "choices_field",
    "desk_settings",
    "opening",
    "message_text",
    "service_texts",
    "service_editing",
    "service_sheet",
    "asked_form",
    "service",
    "question_set",
    "gateway_state",
    "outbox_rows",
    "outbox",
    "alarm",
    "sms_budget",
    "code_permission",
    "sms_device",
    "number_change",
    "event",
    "reply",
    "completion",
    "answer_draft",
    "opinion",
    "membership",
    "rights",
    "numbering",
    "unit_event",
    "attachment",
    "form_version",
    "answer",
    "letter_words",
    "draft",
    "holiday",
    "weekly_hours",
    "closure",
    "office_calendar",
    "letter_reading",
    "verbs",
    "letter",
    "letter_figure",
    "bulk",
    "presence",
    "saved_filter",
    "saved_text",
    "leading",
    "second_factor",
    "staff_export",
    "staff_view",
    "removal",
    "retention",
    "removal_request",
)
# Settings are where the parts of config meet; the names of apps and tasks stand there as text.
FREE = {"config/settings.py"}


def sources():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module):
    for number, prefixes in enumerate(LAYERS):
        if any(module == prefix or module.startswith(prefix + ".") for prefix in prefixes):
            return number
    return None


def first_party_imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the direction"
            names = [node.module] if node.module.count(".") else [f"{node.module}.{a.name}" for a in node.names]
            yield from ((node, name) for name in names if name.split(".")[0] in PACKAGES)
        elif isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names if alias.name.split(".")[0] in PACKAGES)


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_stand_at_the_top_and_point_downwards(path):
    tree = ast.parse(path.read_text())
    top_level = set(map(id, tree.body))
    own = layer_of(name_of(path))
    for node, imported in first_party_imports(tree):
        assert id(node) in top_level, f"line {node.lineno}: an import inside a function often hides a circle"
        if str(path.relative_to(ROOT)) in FREE or own is None:
            continue
        theirs = layer_of(imported)
        assert theirs is not None, f"{imported} belongs to no layer: add it to LAYERS"
        assert theirs >= own, f"line {node.lineno}: {imported} lies above {name_of(path)}"


def test_every_module_of_the_desk_belongs_to_a_layer():
    homeless = [name_of(path) for path in sources() if layer_of(name_of(path)) is None]
    assert homeless == ["servicedesk"]


def test_models_build_on_each_other_in_one_order():
    for number, name in enumerate(MODEL_ORDER):
        for path in sources_of_model(name):
            for _node, imported in first_party_imports(ast.parse(path.read_text())):
                if imported.startswith("servicedesk.models."):
                    theirs = imported.split(".")[2]
                    assert theirs in MODEL_ORDER[:number] or theirs == name, f"{path} imports {imported}"


def sources_of_model(name):
    """The file of a model, or those of its folder."""
    folder = ROOT / f"servicedesk/models/{name}"
    return sorted(folder.glob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def test_nothing_of_ours_listens_to_signals():
    for path in sources():
        text = path.read_text()
        assert not re.search(r"@receiver|\.signals\b|post_save|pre_save", text), path


def test_a_status_changes_in_one_place_only():
    moved = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\.status\s*=[^=]|(update|_set|create)\(.*\bstatus=", line)
    ]
    # `_move` alone.
    assert [place.rpartition(":")[0] for place in moved] == ["servicedesk/models/verbs/verb.py"], moved


def test_models_send_nothing():
    for path in (ROOT / "servicedesk/models").rglob("*.py"):
        assert not re.search(r"import (requests|smtplib)|send_mail|delivery", path.read_text()), path


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_event_has_its_templates(kind):
    get_template(f"servicedesk/timeline/{kind}.html")
    for channel in CHANNELS[kind]:
        get_template(f"servicedesk/messages/{kind}.{channel}.txt")
    assert kind not in INTERNAL or not CHANNELS[kind], "an internal event tells the citizen nothing"


def test_every_template_is_used():
    """Each template's name stands in some source or template, or is made from a kind of event or by a framework."""
    text = "".join(path.read_text() for path in sources())
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    text += "".join(path.read_text() for path in templates if path.suffix in (".html", ".txt"))
    names = {str(path.relative_to(ROOT / "templates")) for path in templates}
    made = {f"servicedesk/timeline/{kind}.html" for kind in Kind}
    made |= {f"servicedesk/messages/{kind}.{channel}.txt" for kind in Kind for channel in CHANNELS[kind]}
    made |= {form.icon_template() for form in VERBS}
    by_frameworks = re.compile(
        r"(403|403_csrf|404|500|base)\.html|django/forms/.*|wagtail(?:admin|users)/.*|home/\w+_page\.html"
    )
    unused = {name for name in names - made if f'"{name}"' not in text and f"'{name}'" not in text}
    assert {name for name in unused if not by_frameworks.fullmatch(name)} == set()


CATALOGUE = ROOT / "site/locale/fa/LC_MESSAGES/django.po"


def entries():
    """The catalogue's (msgid, [msgstr…], is_fuzzy)."""
    text = CATALOGUE.read_text()
    for block in text.split("\n\n")[1:]:
        found = {
            key: "".join(re.findall(r'"(.*)"', lines))
            for key, lines in re.findall(r"^(msg\w+(?:\[\d\])?) ((?:\".*\"\n?)+)", block, re.M)
        }
        if "msgid" in found:
            yield found["msgid"], [v for k, v in found.items() if k.startswith("msgstr")], "fuzzy" in block


def classes_in_use():
    """(names, beginnings): what templates and scripts call their elements; a beginning ends with its hyphen."""
    names, beginnings = set(), set()
    for path in (*ROOT.glob("templates/**/*.html"), *ROOT.glob("templates/**/*.svg")):
        for value in re.findall(r'class="((?:\{[{%].*?[%}]\}|[^"{])*)"', path.read_text()):
            names.update(re.findall(r"[\w-]+", value))
            beginnings.update(re.findall(r"([\w-]+-)\{[{%]", value))
    for path in (*sources(), *ROOT.glob("site/static/js/*.js")):
        for value in re.findall(r'"([^"\n]*)"', path.read_text()):
            names.update(re.findall(r"[\w-]+", value))
    return names, tuple(beginnings)


# That of the admin is left out: half of its classes are Wagtail's.
@pytest.mark.parametrize("sheet", ["desk", "pages", "guide-pdf"])
def test_no_style_is_sent_for_what_no_page_holds(sheet):
    css = (ROOT / f"site/static/css/{sheet}.css").read_text()
    selectors = re.findall(r"[^{}]+(?=\{)", re.sub(r"/\*.*?\*/|url\([^)]*\)", "", css, flags=re.DOTALL))
    names, beginnings = classes_in_use()
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", "\n".join(selectors)))
    assert sorted(name for name in styled - names if not name.startswith(beginnings)) == []


def test_the_persian_catalogue_is_complete():
    missing = [msgid for msgid, texts, fuzzy in entries() if fuzzy or not all(texts)]
    assert missing == []


def test_the_persian_catalogue_has_persian_letters_and_digits_only():
    wrong = [text for _, texts, _ in entries() for text in texts if re.search("[يكىة٠-٩]", text)]
    assert wrong == []


@pytest.mark.needs("xgettext")
def test_the_catalogue_holds_every_string_of_the_sources(tmp_path):
    """makemessages on a copy finds nothing new: whoever adds a string adds its Persian."""
    for name in (*PACKAGES, "templates", "site"):
        subprocess.run(["cp", "-r", str(ROOT / name), str(tmp_path / name)], check=True)
    before = {msgid for msgid, _, _ in entries()}
    copy = tmp_path / "site/locale/fa/LC_MESSAGES/django.po"
    command = [
        sys.executable,
        "-m",
        "django",
        "makemessages",
        "-l",
        "fa",
        "--no-location",
        "--ignore",
        "tests/*",
        "--settings",
        "config.settings",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    after = {msgid for msgid in re.findall(r'^msgid "(.+)"$', copy.read_text(), re.M)}
    assert {msgid for msgid in after if msgid not in before and msgid} == set()


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_tests_that_commit_bring_the_first_pages_back():
    """Without serialized_rollback a flush would leave the next such test with other content types and no pages."""
    pattern = re.compile(r"django_db\(transaction=True(?!, serialized_rollback=True)|\btransactional_db\b")
    tests = [path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__)]
    assert [str(path) for path in tests if pattern.search(path.read_text())] == []
