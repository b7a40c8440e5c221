"""Style sheets and scripts on a slow line: the comments that tell developers why are not sent to telephones."""

import re

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Ours alone: what packages bring is left as it comes.
OURS = ("css/", "js/")


class LeanStaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed names, gzip and Brotli by WhiteNoise; without comments and indentation in our own sheets and scripts."""

    def _save(self, name, content):
        if name.replace("\\", "/").startswith(OURS) and name.endswith((".css", ".js")):
            content.seek(0)
            content = ContentFile(lean(name, content.read().decode()).encode())
        return super()._save(name, content)


def lean(name, text):
    """The text without comments, indentation and empty lines; of a script only comments that fill whole lines go."""
    if name.endswith(".css"):
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    else:
        text = re.sub(r"^[ \t]*//.*$", "", text, flags=re.MULTILINE)
    return "\n".join(line for part in text.split("\n") if (line := part.strip())) + "\n"
