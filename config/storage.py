"""The store of editors' pictures and documents, shown under our own address."""

from urllib.parse import quote

from django.conf import settings
from storages.backends.s3 import S3Storage

from servicedesk.uploads.store_client import CLIENT_CONFIG


class MediaStorage(S3Storage):
    """Pictures and documents of the public pages.

    The store itself is never public and its signed links would leave our origin, so ``url`` names
    ``/media/…``, which ``home.views.media`` streams.
    """

    def get_default_settings(self):
        return {**super().get_default_settings(), "client_config": CLIENT_CONFIG}

    def url(self, name, parameters=None, expire=None, http_method=None):
        return settings.MEDIA_URL + quote(name)
