"""Real files, built when asked for: whole ones, and the tricks that strangers play."""

import contextlib
import io
import resource
import zipfile

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageDraw

from servicedesk.uploads.inspection import Refused, Rules, inspect

MEGABYTE = 1024 * 1024
RULES = Rules({"png", "jpg", "pdf", "zip"}, MEGABYTE)


def uploaded(name, content):
    file = io.BytesIO(content)
    file.name = name
    return file


def look(name, content, rules=RULES):
    """What `inspect` gives; a refusal passes through."""
    return inspect(uploaded(name, content), rules)


def refusal(name, content, rules=RULES):
    """The code with which this file is refused; None when it passes."""
    try:
        inspect(uploaded(name, content), rules)
    except Refused as refused:
        return refused.code
    return None


@contextlib.contextmanager
def processor_time_below(seconds):
    """Fails if the children that ended meanwhile used more; unlike the clock, it does not heed what else runs."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < seconds


def saved(picture, image_format, **options):
    buffer = io.BytesIO()
    picture.save(buffer, image_format, **options)
    return buffer.getvalue()


def page(width=300, height=400, mode="RGB"):
    """A picture with something on it, unlike when turned or mirrored: dark at its top left."""
    picture = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, width // 4, height // 4), fill=(20, 30, 90))
    return picture.convert(mode)


def png(**options):
    return saved(page(), "PNG", **options)


def jpg(**options):
    return saved(page(), "JPEG", **options)


def written(document, **options):
    buffer = io.BytesIO()
    document.save(buffer, **options)
    return buffer.getvalue()


def pdf(pages=1, change=None, **options):
    """A PDF of blank pages; `change(document)` puts something into it."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if change:
        change(document)
    return written(document, **options)


def script():
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def note(document, **entries):
    """Put an annotation on the first page."""
    annotation = Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **entries)
    document.pages[0].Annots = Array([document.make_indirect(annotation)])


def embedded(document, name="hidden.exe"):
    document.attachments[name] = b"MZ\x90\x00"


def script_as_stream(document):
    action = Dictionary(S=Name.JavaScript, JS=Stream(document, b"app.alert(1)"))
    document.Root.OpenAction = document.make_indirect(action)


def archive(files, method=zipfile.ZIP_DEFLATED):
    """A ZIP of {name or ZipInfo: bytes}."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def many_scans(count):
    """A JPG in layers of which the last is told again and again."""
    content = saved(Image.new("L", (4400, 4400)), "JPEG", progressive=True)
    return content[:-2] + content[content.rindex(b"\xff\xda") : -2] * count + content[-2:]
