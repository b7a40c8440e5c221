"""Parts of the public pages that need more than a template."""

from django import template

register = template.Library()


@register.inclusion_tag("home/breadcrumb.html", takes_context=True)
def breadcrumb(context, page):
    """The way from the home page to ``page``."""
    request = context.get("request")
    above = page.get_ancestors().live().filter(depth__gt=1)
    return {"page": page, "ancestors": [{"title": one.title, "url": one.get_url(request)} for one in above]}
