"""How editors' pictures are served: in which sizes and formats, and who makes them.

A visitor never waits for an encoding. Whoever uploads a picture makes its one fallback (JPEG or PNG, about a tenth of
a second); a worker makes the rest, AVIF taking ten times as long; and a page shows what is there. What a nudge lost,
the sweep finds.
"""

import logging
from functools import partial

from django.db import transaction
from django.db.models import Count, Q
from wagtail.images import get_image_model
from wagtail.images.models import Filter, Picture

from servicedesk.models.broker import nudge

log = logging.getLogger(__name__)

# A column of text is 42rem wide: for a phone, for a desktop, and for a sharp one.
WIDTHS = (480, 960, 1344)
FALLBACK_WIDTH = 960
SIZES = "(min-width: 48rem) 42rem, 100vw"
PHOTO_FORMATS, PHOTO_FALLBACK = ("format-avif", "format-webp"), "format-jpeg"
# Screens and drawings have hard edges, which AVIF and lossy WebP blur.
DRAWING_FORMATS, DRAWING_FALLBACK = ("format-webp-lossless",), "format-png"
DRAWINGS = (".png",)
LOGO = "fill-160x160|format-webp-lossless"
# What other sites show of a page that is shared.
SHARED = "fill-1200x630|format-jpeg"
TASK = "home.make_pictures"
# How many pictures one sweep takes up, and for how many seconds a nudge is worth something.
MOST_AT_ONCE, NUDGE_LIFE = 50, 3600


def is_drawing(image):
    return image.file.name.lower().endswith(DRAWINGS)


def fallback(image):
    """The specification of the one file that every browser shows."""
    return f"width-{FALLBACK_WIDTH}|{DRAWING_FALLBACK if is_drawing(image) else PHOTO_FALLBACK}"


def wanted(image):
    """Every specification that pages may ask for, the fallback first; no width twice for a small picture."""
    formats = DRAWING_FORMATS if is_drawing(image) else PHOTO_FORMATS
    smaller = [width for width in WIDTHS if width < image.width]
    widths = [*smaller, *(width for width in WIDTHS[len(smaller) : len(smaller) + 1])]
    return [fallback(image), *(f"width-{width}|{name}" for name in formats for width in widths), LOGO, SHARED]


def prepare(image):
    """After an upload: make the fallback now, and have a worker make the rest."""
    try:
        with transaction.atomic():
            image.get_rendition(fallback(image))
    except Exception as error:  # noqa: BLE001 - a picture that no library can draw must not lose the upload
        log.warning("picture %s: %s", image.pk, type(error).__name__)
    transaction.on_commit(partial(_nudge, image.pk))


def _nudge(image_id):
    nudge(str(image_id), "pages", task=TASK, expires=NUDGE_LIFE)


def make(image_id):
    """What is still missing of one picture. One that was removed meanwhile needs nothing."""
    image = get_image_model().objects.filter(pk=image_id).first()
    if image is None:
        return
    try:
        for spec in wanted(image):
            image.get_rendition(spec)
    except Exception as error:  # noqa: BLE001 - the store's or the library's; the sweep tries again
        log.warning("picture %s: %s", image_id, type(error).__name__)


def sweep():
    """Have workers make what pictures lack: a nudge was lost, or they are older than these sizes."""
    for image in unfinished()[:MOST_AT_ONCE]:
        _nudge(image.pk)


def unfinished():
    """The pictures that lack something, newest first; what nobody can draw thus holds up nothing new."""
    specs = [f"width-{width}|{name}" for width in WIDTHS for name in (*PHOTO_FORMATS, *DRAWING_FORMATS)]
    specs += [f"width-{FALLBACK_WIDTH}|{name}" for name in (PHOTO_FALLBACK, DRAWING_FALLBACK)]
    made = Count("renditions", filter=Q(renditions__filter_spec__in=[*specs, LOGO, SHARED]))
    images = get_image_model().objects.annotate(made=made).filter(made__lt=len(WIDTHS) * len(PHOTO_FORMATS) + 3)
    return [image for image in images.order_by("-pk") if image.made < len(wanted(image))]


def ready(image):
    """The picture in all sizes and formats that are there, as {specification: rendition}; {} while there is none."""
    filters = [Filter(spec) for spec in wanted(image) if spec not in (LOGO, SHARED)]
    found = image.find_existing_renditions(*filters)
    return {one.spec: found[one] for one in filters if one in found}


def url_if_ready(image, spec):
    """The address of this rendition, or "" while it is not there."""
    one = Filter(spec)
    found = image.find_existing_renditions(one).get(one)
    return found.url if found else ""


def logo(image):
    """The rendition for the head of the page, or None while it is not there."""
    spec = Filter(LOGO)
    return image.find_existing_renditions(spec).get(spec)


def tag(image, *, at_once, sizes=SIZES):
    """A ``<picture>`` of what is ready, or None. ``at_once``: it stands at the top of the page and is not put off.
    ``sizes``: how wide it is shown, as HTML has it."""
    renditions = ready(image)
    if fallback(image) not in renditions:
        return None
    hints = {"fetchpriority": "high"} if at_once else {"loading": "lazy"}
    return Picture(renditions, {"sizes": sizes, "decoding": "async", **hints})
