"""PNG and JPG, looked at by Pillow and encoded anew, so that only the picture is kept. Runs in the child."""

import io
import struct
import zlib

from PIL import Image, ImageCms, JpegImagePlugin, MpoImagePlugin, PngImagePlugin

from servicedesk.uploads import limits, picture_layout, shrinking
from servicedesk.uploads.verdict import Refusal

# All that Pillow raises over a broken file; checked with mutated files in the tests.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)
_FORMATS = {"png": "PNG", "jpg": "JPEG"}
_PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112
# The name of the usual profile as its two versions write it.
_SRGB = (b"sRGB", "sRGB".encode("utf-16-be"))

# The child is sealed before it looks: Pillow must have loaded its plugins (MPO is a JPEG's) by then.
Image.preinit()
assert MpoImagePlugin
# Our own limit is checked before anything is decoded, and is stricter.
Image.MAX_IMAGE_PIXELS = None
# Unpacked notes and profile of a PNG: Pillow itself gives up at one megabyte, and some scanners' profiles are longer.
PngImagePlugin.MAX_TEXT_CHUNK = limits.PICTURE_NOTES


def look(content, task):
    """Refuse what is damaged, moving or huge. Gives the new encoding of at most ``task.max_bytes``, or None
    when the task does not want one. What is larger than that as it came is made smaller; a PNG then becomes a JPG where
    that kind is allowed, too."""
    shrinks = task.rewrite and len(content) > task.max_bytes
    picture, how = _opened(content, task.kind, shrinks)
    if not task.rewrite:
        picture_layout.refuse_tail(content, task.kind)
        return None
    picture = _plain_colours(_upright(picture, how), task.kind)
    transparency = picture.info.get("transparency")
    # Pillow's writers copy comments and profiles from here.
    picture.info = {} if transparency is None else {"transparency": transparency}
    for encoded in _encodings(picture, how, task, shrinks):
        if encoded is not None:
            return encoded
    raise Refusal("picture-too-detailed")


def pixels(content, kind):
    """Width times height by the header alone; 0 if it cannot be read."""
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as picture:
            return picture.width * picture.height
    except _BROKEN:
        return 0


def _encodings(picture, how, task, shrinks):
    if shrinks:
        may_be_jpg = task.kind == "jpg" or "jpg" in task.kinds
        image_format = "JPEG" if may_be_jpg else "PNG"
        tries = shrinking.tries(picture, image_format)
        return (_saved(smaller, image_format, task.max_bytes, **options) for smaller, options in tries)
    return (_jpeg if task.kind == "jpg" else _png)(picture, how, task.max_bytes)


def _opened(content, kind, shrinks):
    """The decoded picture, and for a JPG how it was encoded."""
    try:
        picture = Image.open(io.BytesIO(content), formats=[_FORMATS[kind]])
        width, height = picture.size
        most = limits.PICTURE_PIXELS_IN_LAYERS if _needs_copies(picture) else limits.PICTURE_PIXELS
        if max(width, height) > limits.PICTURE_SIDE or width * height > most:
            raise Refusal("picture-too-large", megapixels=most // 1_000_000, side=limits.PICTURE_SIDE)
        # A phone's JPG may carry a second picture (a brightness map, a preview): the first is the photo, and
        # only it is encoded anew. A moving PNG would lose what its sender meant.
        if kind == "png" and getattr(picture, "n_frames", 1) > 1:
            raise Refusal("picture-moving")
        if kind == "jpg" and picture_layout.scans(content) > limits.PICTURE_SCANS:
            raise Refusal("picture-damaged")
        if shrinks:
            return shrinking.shrink(picture), {"large": False, "notes": {}}
        picture.load()
    except _BROKEN as error:
        raise Refusal("picture-damaged") from error
    how = {"large": width * height > limits.PICTURE_PIXELS_WITH_COPIES, "notes": {}}
    if kind == "jpg":
        how |= {"tables": picture.quantization, "subsampling": JpegImagePlugin.get_sampling(picture)}
        how["progressive"] = bool(picture.info.get("progressive"))
    return picture, how


def _needs_copies(picture):
    return picture.mode in ("CMYK", "YCCK", "I", "F", "LAB") or bool(picture.info.get("progressive"))


def _plain_colours(picture, kind):
    """Colours as the web understands them. A profile other than sRGB is applied, then left out."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK") and not _is_srgb(profile):
        picture = _in_srgb(picture, profile)
    if kind == "jpg":
        return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    if picture.mode == "I":
        return picture.convert("I;16")
    return picture if picture.mode in _PNG_MODES else picture.convert("RGBA")


def _is_srgb(profile):
    return any(name in profile for name in _SRGB)


def _in_srgb(picture, profile):
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        if picture.mode == mode:
            ImageCms.profileToProfile(picture, source, target, inPlace=True)
            return picture
        return ImageCms.profileToProfile(picture, source, target, outputMode=mode)
    except (ImageCms.PyCMSError, *_BROKEN):
        # A profile that does not fit its picture is ignored, as browsers do.
        return picture


def _upright(picture, how):
    """Turned as the camera was held, since that note goes with the rest of the metadata; a large picture is left as
    it is and keeps that one note."""
    try:
        number = picture.getexif().get(_ORIENTATION)
    except _BROKEN:
        return picture
    if number not in _TURNS:
        return picture
    if not how["large"]:
        return picture.transpose(_TURNS[number])
    facts = Image.Exif()
    facts[_ORIENTATION] = number
    how["notes"] = {"exif": facts}
    return picture


def _jpeg(picture, how, most):
    """Encodings, best first. With the tables of the camera nothing visible is lost and the size stays; only
    should it still outgrow the limit does quality give way, since the citizen kept to the limit."""
    tables = list(how["tables"].values())
    # Packing it tighter means keeping all of it in memory once more.
    tight = not how["large"]
    if all(len(table) == 64 and max(table) <= 255 and min(table) > 0 for table in tables):
        kept = {"qtables": tables, "subsampling": how["subsampling"], "progressive": how["progressive"] and tight}
        yield _saved(picture, "JPEG", most, optimize=tight, **kept, **how["notes"])
    for quality in (85, 75, 60):
        yield _saved(picture, "JPEG", most, quality=quality, optimize=tight, progressive=tight, **how["notes"])


def _png(picture, how, most):
    """Encodings, best first. A PNG that another program pressed harder than Pillow can may outgrow the limit:
    it is then kept with 256 colours, which leaves a scan or screenshot as legible as it was."""
    yield _saved(picture, "PNG", most, **how["notes"])
    if picture.mode in ("RGB", "RGBA") and not how["large"]:
        yield _saved(picture.quantize(256, method=Image.Quantize.FASTOCTREE), "PNG", most, **how["notes"])


class _Full(Exception):
    """The encoding outgrows what may be stored."""


class _Bounded(io.BytesIO):
    def __init__(self, most):
        super().__init__()
        self.most = most

    def write(self, data):
        if self.tell() + len(data) > self.most:
            raise _Full
        return super().write(data)


def _saved(picture, image_format, most, **options):
    """The encoding, or None where it is longer than ``most`` bytes."""
    buffer = _Bounded(most)
    try:
        picture.save(buffer, image_format, **options)
    except _Full:
        return None
    return buffer.getvalue()
