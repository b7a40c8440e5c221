"""Starts the child that prints, and makes sure that it ends.

WeasyPrint takes some 200 MB and seconds of a processor for a long guide, and what it reads was written by people. So
it runs in a process of its own with bounds, like the inspection of files, and leaves nothing behind in the worker.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile

MEMORY = 1024 * 1024 * 1024  # bytes of address space
SECONDS = 90
LARGEST = 40 * 1024 * 1024  # bytes of a PDF

_START = "import sys; sys.path[:] = sys.argv[1:]; from servicedesk.printing.child import main; main()"


class NotPrinted(Exception):
    """There is no PDF. The message says why, for a log: never a word of the document."""


class PangoMissing(NotPrinted):
    """The text engine is not installed on this machine; trying again changes nothing."""


def print_pdf(html, base_url, resources):
    """The tagged PDF (bytes) of this document. ``resources`` is {address: bytes}. Raises NotPrinted."""
    request = {
        "html": html,
        "base_url": base_url,
        "resources": {address: base64.b64encode(content).decode() for address, content in resources.items()},
        "limits": {"memory": MEMORY, "cpu": SECONDS, "wall": SECONDS},
    }
    with tempfile.TemporaryDirectory(prefix="print-") as desk:
        line, _, content = _converse(json.dumps(request).encode() + b"\n", desk).partition(b"\n")
    return _pdf_of(line, content)


def _converse(data, desk):
    command = [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", _START, *filter(os.path.isabs, sys.path)]
    try:
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Where Pango may keep its list of fonts, and the font itself; gone with the child.
            env={"HOME": desk, "XDG_CACHE_HOME": desk, "TMPDIR": desk},
            cwd=desk,
            timeout=SECONDS,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotPrinted(f"not ready after {SECONDS} s") from error
    except OSError as error:
        raise NotPrinted(f"could not start: {type(error).__name__}") from error
    return done.stdout


def _pdf_of(line, content):
    try:
        answer = json.loads(line)
    except ValueError:
        answer = None
    match answer:
        case {"printed": int()} if content.startswith(b"%PDF-") and len(content) <= LARGEST:
            return content
        case {"missing": str(library)}:
            raise PangoMissing(library)
        case {"crashed": str(name)}:
            raise NotPrinted(f"crashed: {name:.60}")
        case _:
            raise NotPrinted("ended without a PDF: killed by a limit, or too large")
