"""The process that prints. Started by ``press``, one for each document.

Reads from stdin one line of JSON, ``{"html", "base_url", "resources": {address: base64}, "limits"}``. Writes one line
of JSON: ``{"printed": pages}``, then the PDF; or ``{"missing": library}``; or ``{"crashed": name of the exception}``.

It reaches no network and no file: the fetcher below knows only what came with the document.
"""

import base64
import json
import math
import resource
import signal
import sys

from servicedesk.printing import half_spaces

_TYPES = {"css": "text/css", "svg": "image/svg+xml", "woff2": "font/woff2", "png": "image/png", "jpg": "image/jpeg"}


def main():
    sys.excepthook = lambda exception, *_: _answer({"crashed": exception.__name__})
    request = json.loads(sys.stdin.buffer.readline())
    _bound(**request["limits"])
    try:
        import weasyprint  # noqa: PLC0415 - only within the bounds; it loads Pango, which may be missing
    except OSError as error:
        _answer({"missing": str(error).partition(":")[0][:100]})
        return
    resources = {address: base64.b64decode(content) for address, content in request["resources"].items()}
    half_spaces.keep(resources)
    document = weasyprint.HTML(
        string=request["html"],
        base_url=request["base_url"],
        url_fetcher=_fetcher(weasyprint.urls, resources),
    ).render(pdf_variant="pdf/ua-1", pdf_tags=True, optimize_images=True)
    _answer({"printed": len(document.pages)}, document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True))


def _fetcher(urls, resources):
    class OnlyWhatCame(urls.URLFetcher):
        def fetch(self, url, headers=None):
            if url not in resources:
                raise ValueError("not part of this document")
            kind = _TYPES.get(url.rpartition(".")[2], "application/octet-stream")
            return urls.URLFetcherResponse(url, resources[url], {"Content-Type": kind})

    return OnlyWhatCame()


def _bound(memory, cpu, wall):
    """Set the limits while only our own code has run. A Mac knows no limit on address space."""
    if sys.platform != "darwin":
        _lower(resource.RLIMIT_AS, memory)
    _lower(resource.RLIMIT_CPU, cpu)
    _lower(resource.RLIMIT_CORE, 0)
    # Pango takes the font from a file.
    _lower(resource.RLIMIT_FSIZE, 16 * 1024 * 1024)
    # Should the parent die, nobody else counts the seconds.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(math.ceil(wall) + 1)


def _lower(limit, value):
    _, hard = resource.getrlimit(limit)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, value))


def _answer(line, content=b""):
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n" + content)
    sys.stdout.buffer.flush()
