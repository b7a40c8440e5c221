"""Where a ZIP is written that goes out while it is made."""

import io


class ZipOutlet:
    """A file to write to, whose bytes are taken away piece by piece."""

    def __init__(self):
        self._pieces = io.BytesIO()

    def write(self, data):
        return self._pieces.write(data)

    def flush(self):
        """Nothing waits here."""

    def taken(self):
        data = self._pieces.getvalue()
        self._pieces = io.BytesIO()
        return data
