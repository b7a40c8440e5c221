"""Pages on a slow line: small where nothing in them is anybody's secret, as they are everywhere else."""

import re

from django.conf import settings
from django.middleware.gzip import GZipMiddleware

# The one query of an ordinary way through the desk: which of the editors' services the form is for.
FORM, NAMES_A_SERVICE = "letter-new", re.compile(r"service=[-\w]+", re.ASCII)


class CompressedPages(GZipMiddleware):
    """Compresses pages in which nobody can find a secret by their length.

    The length of a compressed page tells what in it repeats what somebody made a browser ask for (BREACH). That is
    worth nothing where no secret stands in the page: to visitors of whom we know nothing, that is, no session came
    with the question or begins with the answer; the token that every form holds is masked anew in each answer. And it
    tells nothing where the question holds no words of its own: a page of the desk, asked for without a query.
    Other pages in a session, a form's answer, files and the whole admin are left alone.
    """

    def process_response(self, request, response):
        if self._may_hold_a_secret(request, response):
            return response
        return super().process_response(request, response)

    @staticmethod
    def _may_hold_a_secret(request, response):
        cookie = settings.SESSION_COOKIE_NAME
        has_session = cookie in request.COOKIES or cookie in response.cookies
        return (
            request.method not in ("GET", "HEAD")
            or (has_session and not _asks_in_no_words_of_its_own(request, response))
            or response.streaming
            or not response.get("Content-Type", "").startswith("text/html")
            or request.path_info.startswith(f"/{settings.ADMIN_PATH}")
        )


def _asks_in_no_words_of_its_own(request, response):
    """Whether whoever made a browser ask this could choose a page of the desk, and not a word that stands in it.

    Pages repeat their own address, for the other language. That of the form is found only with the name of a service.
    """
    place, query = request.resolver_match, request.META.get("QUERY_STRING", "")
    if place is None or place.app_name != "desk" or response.status_code != 200:
        return False
    return not query or (place.url_name == FORM and NAMES_A_SERVICE.fullmatch(query) is not None)
