"""The security code spoken in Persian, put together from ten clips (site/static/sounds, see make_clips.sh there).

Pauses, speed and a bed of noise vary from code to code and not from one hearing to the next, so that a browser may
fetch a sound in pieces.
"""

import random
import wave
from functools import cache
from io import BytesIO

from django.conf import settings
from django.utils.crypto import salted_hmac

RATE = 11_025  # samples of one byte a second, silence is 128
SILENCE = 128
SOUNDS = settings.BASE_DIR / "site" / "static" / "sounds"


@cache
def _clip(digit):
    with wave.open(str(SOUNDS / f"{digit}.wav")) as clip:
        return clip.readframes(clip.getnframes())


def speak(digits, key):
    """``digits`` (ASCII text) of the security code ``key`` as the bytes of a WAV file, four to six seconds long."""
    dice = random.Random(salted_hmac("servicedesk.spoken-code", key, algorithm="sha256").digest())
    samples = bytearray()
    for digit in digits:
        samples += bytes([SILENCE]) * int(RATE * dice.uniform(0.3, 0.6))
        samples += _faster(_clip(digit), dice.uniform(0.92, 1.08))
    samples += bytes([SILENCE]) * (RATE // 4)
    noise = dice.choices(range(-5, 6), k=len(samples))
    heard = bytes(min(255, max(0, sample + more)) for sample, more in zip(samples, noise, strict=True))
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(heard)
    return file.getvalue()


def _faster(clip, factor):
    """The clip at ``factor`` of its speed, and so a little higher or lower."""
    return bytes(clip[int(place * factor)] for place in range(int(len(clip) / factor)))
