"""The same page in other languages."""


def translations(page, request):
    """The live, public translations of ``page``, with their locales. Asked several times in an answer, read once."""
    known = request.__dict__.setdefault("page_translations", {})
    if page.pk not in known:
        known[page.pk] = list(page.get_translations().live().public().select_related("locale"))
    return known[page.pk]
