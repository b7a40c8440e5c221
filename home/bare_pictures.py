"""What a picture's file says beside the picture, and nobody meant to publish: where it was taken, when, by whom.

Telephones write all of it into each photograph, and Willow copies it (EXIF, and JPEG's comment) into the sizes that it
makes. Colour profiles stay: without them colours would be others.
"""

from functools import wraps

from willow.plugins.pillow import PillowImage
from willow.registry import registry

SAYS_MORE = ("exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop")
FORMATS = ("jpeg", "png", "webp", "avif")


def install():
    """From now on every size of a picture, the admin's own too, is saved without these notes."""
    for name in (f"save_as_{kind}" for kind in FORMATS):
        save = getattr(PillowImage, name)
        if not hasattr(save, "__wrapped__"):
            setattr(PillowImage, name, _bare(save))
            registry.register_operation(PillowImage, name, getattr(PillowImage, name))


def _bare(save):
    @wraps(save)
    def saved(self, *args, **kwargs):
        # The orientation is one of the notes; whoever made this image has turned it already.
        for note in SAYS_MORE:
            self.image.info.pop(note, None)
        return save(self, *args, **kwargs)

    return saved
