"""Two editors at once, or one whose draft saves itself while he presses a button."""

from functools import wraps

from django.core.exceptions import ValidationError
from django.db import IntegrityError


def tried_again(view):
    """For the view in which editors make a page. Two pages made below one parent at the same moment want the same
    place in the tree, or the same address, and Wagtail answers the second one with an error 500. Its transaction is
    undone, so it is asked once more: then the other page is there, and the form finds another place or says what is
    wrong."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except (IntegrityError, ValidationError):
            if request.method != "POST":
                raise
            for file in request.FILES.values():
                file.seek(0)
            return view(request, *args, **kwargs)

    return inner
