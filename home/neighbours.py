"""The pages around a page: those above it, and itself in other languages; read once in an answer."""


def way_to(page, request):
    """The live pages from the home page to ``page`` itself."""
    return _once(request, "way", page, lambda: [*page.get_ancestors().live().filter(depth__gt=1), page])


def translations(page, request):
    """The live, public translations of ``page``, with their locales."""
    return _once(
        request, "translations", page, lambda: list(page.get_translations().live().public().select_related("locale"))
    )


def _once(request, what, page, read):
    known = request.__dict__.setdefault("neighbours_of_pages", {})
    if (what, page.pk) not in known:
        known[what, page.pk] = read()
    return known[what, page.pk]
