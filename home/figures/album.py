"""Where the pictures of screens are kept: Wagtail images in a collection of their own, replaced in place."""

import hashlib
import io

from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone, translation
from PIL import Image as Pillow
from PIL import ImageChops, ImageDraw
from wagtail.images import get_image_model
from wagtail.models import Collection

from home.figures.screens import SCREENS
from home.models import ScreenPicture
from home.pictures import prepare

COLLECTION = "عکس‌های سامانه"
# A point differs when one of its colours does by this much (of 255), a picture when so many of its points do: on a
# phone, another digit is some sixty points. What is photographed twice by the same browser differs in none.
POINT, POINTS = 48, 40


def put(screen, language, content, restless=()):
    """Keeps this picture (WebP bytes) for the screen. Returns "new", "replaced", or "same" where people would see no
    difference outside of ``restless`` boxes; then nothing was done."""
    row = ScreenPicture.objects.filter(screen=screen, language=language).select_related("image").first()
    if row and not _differs(row.image, content, restless):
        return "same"
    if row is None:
        image = get_image_model()(collection=collection())
        _fill(image, screen, language, content)
        ScreenPicture.objects.create(screen=screen, language=language, image=image)
        prepare(image)
        return "new"
    before = row.image.file.name, row.image.file.storage
    with transaction.atomic():
        _fill(row.image, screen, language, content)
        row.taken_at = timezone.now()
        row.save(update_fields=["taken_at"])
    row.image.renditions.all().delete()
    prepare(row.image)
    before[1].delete(before[0])
    return "replaced"


def _fill(image, screen, language, content):
    with translation.override(language):
        image.title = str(SCREENS[screen].label)
        image.description = str(SCREENS[screen].alt)
    # A name of its own for each content: browsers keep a picture's address for a year.
    name = f"{screen}-{language}-{hashlib.sha256(content).hexdigest()[:8]}.webp"
    image.file = ImageFile(io.BytesIO(content), name=name)
    image._set_image_file_metadata()
    image.save()


def collection():
    """The collection of these pictures."""
    found = Collection.objects.filter(name=COLLECTION).first()
    return found or Collection.get_first_root_node().add_child(name=COLLECTION)


def _differs(image, content, restless):
    try:
        with image.open_file() as file:
            before = Pillow.open(io.BytesIO(file.read())).convert("RGB")
    except OSError:  # Not there any more, or no picture.
        return True
    now = Pillow.open(io.BytesIO(content)).convert("RGB")
    if before.size != now.size:
        return True
    # By each colour for itself: two themes may be equally dark.
    red, green, blue = ImageChops.difference(before, now).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    difference = most.point(lambda value: 255 if value >= POINT else 0)
    cover = ImageDraw.Draw(difference)
    for box in restless:
        cover.rectangle(box, fill=0)
    return difference.histogram()[255] >= POINTS
