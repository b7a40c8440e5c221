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
        # Never over another file: two editors' «image.jpg» are two pictures, and a browser keeps a picture's address
        # for a year.
        return {**super().get_default_settings(), "client_config": CLIENT_CONFIG, "file_overwrite": False}

    def url(self, name, parameters=None, expire=None, http_method=None):
        return settings.MEDIA_URL + quote(name)
