"""Is the Persian catalogue complete, and was the compiled one made from it? Needs gettext's tools.

The same of the second one, with what the packages' own Persian lacks (wagtail_catalogue.py).

    python .ci/catalogue.py

Exits with 1 and the missing texts when not.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import wagtail_catalogue

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("site/locale/fa/LC_MESSAGES")
SOURCES = ("config", "home", "servicedesk", "templates", "site/static", "manage.py")


def extract(work: Path, domain: str) -> Path:
    """Return the catalogue of the texts in the code now. makemessages writes where it reads, so it gets a copy."""
    for name in SOURCES:
        source, target = ROOT / name, work / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, target)
    (work / CATALOGUE).mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "django", "makemessages", "--locale=fa", f"--domain={domain}", "--no-location"]
    code = "from django.conf import settings; settings.configure(LOCALE_PATHS=['site/locale'])"
    runner = f"{code}; from django.core.management import execute_from_command_line as run; run({command[2:]!r})"
    subprocess.run([sys.executable, "-c", runner], cwd=work, check=True, stdout=subprocess.DEVNULL)
    return work / CATALOGUE / f"{domain}.po"


def main() -> int:
    missing = [tool for tool in ("msgcmp", "msgfmt", "msgunfmt", "xgettext") if shutil.which(tool) is None]
    if missing:
        sys.stderr.write(f"{', '.join(missing)}: not found (apt-get install gettext); the catalogue was not checked\n")
        return 1
    failed = False
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        for ours in sorted((ROOT / CATALOGUE).glob("*.po")):
            now = extract(work, ours.stem)
            if now.exists():
                done = subprocess.run(["msgcmp", str(ours), str(now)], capture_output=True, text=True)
                errors = [line for line in done.stderr.splitlines() if "warning" not in line]
                if done.returncode:
                    sys.stderr.write("\n".join([*errors, ""]))
                    failed = True
            failed = not _is_compiled(ours, work) or failed
        for theirs in sorted(wagtail_catalogue.OURS.glob("*.po")):
            failed = not _is_compiled(theirs, work) or failed
    return 1 if wagtail_catalogue.main() or failed else 0


def _is_compiled(catalogue: Path, work: Path) -> bool:
    """Was the .mo beside it made from this .po?"""
    fresh, shipped = work / f"{catalogue.stem}.mo", catalogue.with_suffix(".mo")
    subprocess.run(["msgfmt", "--check-format", "-o", str(fresh), str(catalogue)], check=True)
    if shipped.exists() and _texts(fresh) == _texts(shipped):
        return True
    sys.stderr.write(f"{shipped} was not compiled from {catalogue.name}\n")
    return False


def _texts(compiled: Path) -> str:
    return subprocess.run(["msgunfmt", str(compiled)], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
