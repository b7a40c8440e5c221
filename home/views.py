"""Views of the public side that are no pages."""

import mimetypes

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import default_storage
from django.http import Http404, StreamingHttpResponse
from django.views.decorators.http import require_safe

# What Wagtail stores for showing; documents go out through its own view, which checks rights.
SHOWN = ("images/",)
KEPT_FOR = 31_536_000  # seconds; a changed picture gets a new name


@require_safe
def media(request, name):
    """A picture of the public pages, streamed from the store."""
    content_type, _encoding = mimetypes.guess_type(name)
    if not name.startswith(SHOWN) or ".." in name or not (content_type or "").startswith("image/"):
        raise Http404
    try:
        body = default_storage.bucket.Object(f"{default_storage.location}/{name}").get()["Body"]
    except (ClientError, BotoCoreError) as error:
        raise Http404 from error
    response = StreamingHttpResponse(body.iter_chunks(65_536), content_type=content_type)
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}, immutable"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
