"""What machines ask: is the process alive, are its parts."""

from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from servicedesk.uploads.scanner import Scanner

PATIENCE = 1.0  # seconds for Valkey


@require_safe
@never_cache
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request):
    """503 only without the database; other parts that are away are named, since the desk goes on without
    them and a dead broker must not become a dead site."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ready": False, "degraded": ["database"]}, status=503)
    parts = {"broker": _broker_works, "storage": _storage_works}
    if settings.CLAMD_URL:
        parts["scanner"] = _scanner_works
    degraded = [name for name, works in parts.items() if not works()]
    # Without a scanner no part is away, but an operator should not overlook it.
    scanner = "away" if "scanner" in degraded else "ready" if settings.CLAMD_URL else "not configured"
    return JsonResponse({"ready": True, "degraded": degraded, "scanner": scanner})


def _broker_works():
    try:
        client = Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        return bool(client.ping())
    except RedisError:
        return False


def _storage_works():
    return storages["letters"].is_up()


def _scanner_works():
    return Scanner(settings.CLAMD_URL).answers()
