"""How many parts an SMS takes, which is what it costs."""

# GSM 03.38, and its extension table, whose characters take two places.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = frozenset("\f^{}\\[~]|€")


def parts(text: str) -> int:
    """The number of parts: 160, then 153 places each for pure GSM text, else 70, then 67 UTF-16 units.

    One Persian letter makes the whole text UTF-16. No character that takes two places is cut in two.
    """
    if all(character in _GSM or character in _GSM_EXTENSION for character in text):
        single, several = 160, 153
        widths = [2 if character in _GSM_EXTENSION else 1 for character in text]
    else:
        single, several = 70, 67
        widths = [2 if ord(character) > 0xFFFF else 1 for character in text]
    if sum(widths) <= single:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > several:
            count, used = count + 1, 0
        used += width
    return count
