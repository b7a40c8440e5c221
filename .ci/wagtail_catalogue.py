"""Which texts of the installed packages does nobody say in Persian? After an upgrade this lists the work.

    python .ci/wagtail_catalogue.py

Reads the packages' English catalogues, which name all their texts, and looks for each in the Persian of the package and
in ours (``site/locale`` and ``site/locale_wagtail``). Prints the missing ones, ready to be filled in; exits with 1 when
there are any. It also names what ours says about texts that no package has any more.
"""

import ast
import importlib.util
import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
OURS = ROOT / "site" / "locale_wagtail" / "fa" / "LC_MESSAGES"
OUR_CATALOGUES = (ROOT / "site" / "locale" / "fa" / "LC_MESSAGES", OURS)
# What staff can meet in the admin. Of Django its ground and the accounts; the rest of it has no screen here.
PACKAGES = (
    "wagtail",
    "wagtail/admin",
    "wagtail/contrib/redirects",
    "wagtail/contrib/settings",
    "wagtail/contrib/simple_translation",
    "wagtail/contrib/table_block",
    "wagtail/contrib/typed_table_block",
    "wagtail/documents",
    "wagtail/embeds",
    "wagtail/images",
    "wagtail/locales",
    "wagtail/search",
    "wagtail/sites",
    "wagtail/snippets",
    "wagtail/users",
    "taggit",
    "django/conf",
    "django/contrib/auth",
    "django/contrib/contenttypes",
    "django/contrib/postgres",
    "django/contrib/sessions",
)
# Begins an entry of ours for a text that packages show without having it in their catalogues.
FORGOTTEN = "#. forgotten"
DOMAINS = ("django", "djangojs")
_LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)? ?(".*")')


class Text(NamedTuple):
    """What a text is found by: gettext's context and the English, whose plural belongs to it."""

    context: str
    english: str
    plural: str


def texts(catalogue: Path, only: str = "") -> dict[Text, list[str]]:
    """The texts of a .po file with their translations (one, or one for each plural form); fuzzy ones count as empty.

    ``only``: of those entries that begin with this line.
    """
    found = {}
    for block in catalogue.read_text(encoding="utf-8").split("\n\n"):
        if not block.startswith(only):
            continue
        parts, name = {}, ""
        for line in block.splitlines():
            if match := _LINE.fullmatch(line):
                name = match[1] or name
                parts[name] = parts.get(name, "") + ast.literal_eval(match[2])
        if parts.get("msgid"):
            text = Text(parts.get("msgctxt", ""), parts["msgid"], parts.get("msgid_plural", ""))
            is_fuzzy = re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE)
            found[text] = ["" if is_fuzzy else parts[name] for name in parts if name.startswith("msgstr")]
    return found


def missing_and_idle(domain: str) -> tuple[dict[Text, str], list[Text]]:
    """The texts without Persian, each with its package; and those of ours that no package has."""
    ours = {text for path in OUR_CATALOGUES for text in _said(path / f"{domain}.po")}
    everywhere, missing = set(), {}
    for package in PACKAGES:
        english = _home(package) / "en" / "LC_MESSAGES" / f"{domain}.po"
        if not english.exists():
            continue
        wanted = texts(english)
        everywhere.update(wanted)
        for text in wanted.keys() - _said(english.parents[2] / "fa" / "LC_MESSAGES" / f"{domain}.po") - ours:
            missing[text] = package
    # Two packages may share a text; one that says it in Persian says it for all.
    shared = {text for package in PACKAGES for text in _said(_home(package) / "fa" / "LC_MESSAGES" / f"{domain}.po")}
    missing = {text: package for text, package in missing.items() if text not in shared}
    return missing, sorted(_said(OURS / f"{domain}.po", without=FORGOTTEN) - everywhere)


def _said(catalogue: Path, without: str = "") -> set[Text]:
    """The texts that a .po file has a translation for, leaving out those whose entry begins with ``without``."""
    if not catalogue.exists():
        return set()
    said = {text for text, translations in texts(catalogue).items() if translations and all(translations)}
    return said - set(texts(catalogue, only=without)) if without else said


def _home(package: str) -> Path:
    """Where the package keeps its catalogues; found without importing it."""
    top, _, rest = package.partition("/")
    return Path(importlib.util.find_spec(top).origin).parent / rest / "locale"


def is_sorted(catalogue: Path) -> bool:
    ids = [(text.english, text.context) for text in texts(catalogue)]
    return ids == sorted(ids)


def main() -> int:
    failed = False
    for domain in DOMAINS:
        missing, idle = missing_and_idle(domain)
        for text, package in sorted(missing.items()):
            context = f'msgctxt "{text.context}"\n' if text.context else ""
            plural = f"msgid_plural {_quoted(text.plural)}\n" if text.plural else ""
            sys.stderr.write(f"# {package} ({domain})\n{context}msgid {_quoted(text.english)}\n{plural}\n")
        for text in idle:
            sys.stderr.write(f"{domain}.po: no package says {text.english!r} any more\n")
        catalogue = OURS / f"{domain}.po"
        if not is_sorted(catalogue):
            sys.stderr.write(f"{catalogue.name}: not sorted by msgid\n")
            failed = True
        failed = failed or bool(missing or idle)
    return 1 if failed else 0


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


if __name__ == "__main__":
    sys.exit(main())
