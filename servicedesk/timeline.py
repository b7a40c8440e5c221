"""The lines of a letter's timeline, each from the template of its kind of event."""

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe


def timeline_of(letter, events, for_staff=False):
    """A list of {kind, at, html}, oldest first. ``events``: those that the reader may see, ``with_names``."""
    lines = []
    for event in events:
        context = {"event": event, "letter": letter, "for_staff": for_staff}
        html = render_to_string(f"servicedesk/timeline/{event.kind}.html", context)
        # Rendered with autoescape by the template just above.
        lines.append({"kind": event.kind, "at": event.at, "html": mark_safe(html)})
    return lines
