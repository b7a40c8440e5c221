"""Files in which something is hidden from who looks only where it usually lies."""

from tests.servicedesk.uploads import zips


def _zips():
    for title, content in zips.hiding().items():
        yield f"ZIP with {title}", "letter.zip", content, {"zip-damaged", "zip-entry", "two-files-in-one"}


MAKERS = (_zips,)
