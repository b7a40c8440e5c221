"""The security code: five digits in a picture, good once, for five minutes.

Its codes are rows of django-simple-captcha's own table (``hashkey`` is the key, ``response`` the answer). That
library's check lets one solved picture through several times in parallel posts, so the spending is ours.
"""

import random
import re
import secrets
from datetime import timedelta
from io import BytesIO

from captcha.models import CaptchaStore
from captcha.views import captcha_image
from django.conf import settings
from django.db.models.functions import Now
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare
from PIL import Image

from servicedesk import persian

LIFE = timedelta(minutes=settings.CAPTCHA_TIMEOUT)
DIGITS = settings.CAPTCHA_LENGTH
# Compared against where there is no row: no typed text is ever equal to it.
NOTHING = "-" * DIGITS


def challenge():
    """What the picture shows and what is to be typed: both the same digits (CAPTCHA_CHALLENGE_FUNCT)."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    return digits, digits


def fresh():
    """A new security code; returns its key, 40 hexadecimal digits."""
    shown, answer = challenge()
    return CaptchaStore.objects.create(
        challenge=shown, response=answer, hashkey=secrets.token_hex(20), expiration=Now() + LIFE
    ).hashkey


def digits_of(key):
    """The digits of a security code that is still good, or None."""
    if not re.fullmatch("[0-9a-f]{40}", key):
        return None
    row = CaptchaStore.objects.filter(hashkey=key, expiration__gt=Now()).values_list("challenge", flat=True).first()
    return row if row and re.fullmatch(f"[0-9]{{{DIGITS}}}", row) else None


def spend(key, typed):
    """Whether ``typed`` (digits of any script) is the code of ``key``. Right or wrong, the code is gone afterwards.

    Of any number of parallel calls at most one is answered with True: it is the one whose delete removed the row.
    A wrong answer costs the picture too, or somebody could try all 100,000.
    """
    answer = digits_of(key)
    right = constant_time_compare(persian.only_digits(typed), answer or NOTHING)
    removed, _ = CaptchaStore.objects.filter(hashkey=key, response=answer or NOTHING, expiration__gt=Now()).delete()
    return right and removed == 1


def picture(request, key):
    """The picture of a security code as a response; 410 when the code is spent or its time is over."""
    if digits_of(key) is None:
        return HttpResponse(status=410)
    drawn = captcha_image(request, key, scale=2)
    if drawn.status_code != 200:
        return drawn
    # Four colours make a quarter of the bytes; phones on slow links load this before anything else. The same four as
    # lossless WebP make a fifth less again. Answers are kept by nobody, so they need not say that they vary.
    four, small = Image.open(BytesIO(drawn.content)).quantize(4, Image.Quantize.FASTOCTREE), BytesIO()
    if "image/webp" in request.headers.get("Accept", ""):
        four.convert("RGB").save(small, "WEBP", lossless=True, quality=50)
        return HttpResponse(small.getvalue(), content_type="image/webp")
    four.save(small, "PNG", optimize=True)
    return HttpResponse(small.getvalue(), content_type="image/png")


def strokes(draw, image):
    """Lines through the digits (CAPTCHA_NOISE_FUNCTIONS): thin enough for eyes, in the way of programs.

    ``random`` is seeded by the library, so that one code always looks the same.
    """
    width, height = image.size
    for _ in range(4):
        ends = [(side, random.randint(0, height)) for side in (0, width)]
        draw.line(ends, fill=settings.CAPTCHA_FOREGROUND_COLOR, width=2)
    for _ in range(3):
        left, top = random.randint(-40, width - 60), random.randint(-40, height - 40)
        box = [left, top, left + random.randint(60, 160), top + random.randint(40, 120)]
        draw.arc(box, random.randint(0, 180), random.randint(181, 360), settings.CAPTCHA_FOREGROUND_COLOR, width=2)
    return draw
