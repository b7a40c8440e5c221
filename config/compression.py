"""Pages on a slow line: small where nothing in them is anybody's secret, as they are everywhere else."""

from django.conf import settings
from django.middleware.gzip import GZipMiddleware


class CompressedForStrangers(GZipMiddleware):
    """Compresses the pages of visitors of whom we know nothing: no session came with the question or begins with the
    answer.

    The length of a compressed page tells what in it repeats what somebody made a browser ask for (BREACH). That is
    worth nothing where no secret stands in the page; the one that every form holds, the token, is masked anew in each
    answer. What a session may bring, a form's answer, files and the whole admin are left alone.
    """

    def process_response(self, request, response):
        if self._may_hold_a_secret(request, response):
            return response
        return super().process_response(request, response)

    @staticmethod
    def _may_hold_a_secret(request, response):
        cookie = settings.SESSION_COOKIE_NAME
        return (
            request.method not in ("GET", "HEAD")
            or cookie in request.COOKIES
            or cookie in response.cookies
            or response.streaming
            or not response.get("Content-Type", "").startswith("text/html")
            or request.path_info.startswith(f"/{settings.ADMIN_PATH}")
        )
