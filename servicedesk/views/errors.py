"""What a visitor sees when we fail."""

import sys

from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.views.defaults import server_error as plain_server_error


def server_error(request):
    """500 in the site's own voice; 503 while the database is away, since then it is no fault of this page."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        # Without a request: the context processors would ask the database.
        response = render(None, "503.html", status=503)
        response["Retry-After"] = "60"
        return response
    return plain_server_error(request)
