"""Files go out through our own links: signed, for 60 seconds, bound to the session that asked.

Links signed by the store would carry neither nosniff nor CSP, leave our origin and expose the store.
"""

import logging
from urllib.parse import quote

from django.core import signing
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.http import require_safe

from servicedesk.models import Attachment
from servicedesk.uploads.store import StoreUnavailable
from servicedesk.views.access import personal

log = logging.getLogger(__name__)

LINK_LIFE = 60  # seconds
SALT = "servicedesk.file-link"
CHUNK = 65_536


def link_to(request, attachment):
    """The address of a file for this session, good for 60 seconds."""
    token = signing.dumps([str(attachment.pk), _session_mark(request)], salt=SALT, compress=False)
    return reverse("desk:file", args=[token])


def _session_mark(request):
    return salted_hmac(SALT, request.session.session_key or "", algorithm="sha256").hexdigest()[:32]


def _has_a_door(user):
    """Whether this person still has the pages on which such links stand: the citizens' desk or the admin."""
    return user.is_authenticated and (user.is_citizen or user.has_perm("wagtailadmin.access_admin"))


@require_safe
@personal
def file(request, token):
    """Streams a file to the session that asked for it, if it still may see it."""
    try:
        file_id, mark = signing.loads(token, salt=SALT, max_age=LINK_LIFE)
    except signing.BadSignature as error:
        raise Http404 from error
    if not _has_a_door(request.user) or not constant_time_compare(mark, _session_mark(request)):
        raise Http404
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user).released(), pk=file_id)
    try:
        content = attachment.open()
    except StoreUnavailable:
        log.warning("a file could not be fetched: the store does not answer")
        return render(request, "503.html", status=503)
    response = StreamingHttpResponse(content.iter_chunks(CHUNK), content_type=attachment.content_type)
    response["Content-Length"] = attachment.size
    response["Content-Disposition"] = disposition(attachment.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def disposition(name):
    """A Content-Disposition that saves under ``name`` in any browser (RFC 6266, RFC 8187)."""
    extension = name.rpartition(".")[2]
    plain = f"letter.{extension}" if extension.isascii() and extension.isalnum() else "letter"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
