"""The way from the home page to a page, for the breadcrumb and for machines."""


def way_to(page, request):
    """The live pages from the home page to ``page`` itself. Asked twice in an answer, read once."""
    known = request.__dict__.setdefault("ways_to_pages", {})
    if page.pk not in known:
        known[page.pk] = [*page.get_ancestors().live().filter(depth__gt=1), page]
    return known[page.pk]
