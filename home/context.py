"""What the public pages' templates know besides."""


def menu(request):
    """``site_menu``: the pages that the header and footer list."""
    return {"site_menu": []}
