"""What the page editor sends for a service, made of sections and steps as ``tests/questions.py`` writes them."""

from django.db.models import Model
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from servicedesk.questions.form_blocks import FormBlock
from servicedesk.questions.routing import RoutesBlock

RICH_TEXTS = ("description", "what_to_prepare", "steps", "legal_basis", "form_intro", "receipt_text")


def form_data(service, *blocks, routing=(), emptied=False, **values):
    """The fields of the whole edit form. ``emptied``: every setting of the questions as if it had been cleared."""
    data = {
        "title": service.title,
        "slug": service.slug,
        "summary": service.summary,
        "accepts_letters": "on",
        "retention_months": service.retention_months,
        "name_asked": "required",
        "file_asked": "required",
        "most_letters_days": service.most_letters_days,
        **{name: rich_text("") for name in RICH_TEXTS},
        "form": as_sent(FormBlock(), FormBlock().to_python(list(blocks)), emptied),
        "routing": as_sent(RoutesBlock(), RoutesBlock().to_python(list(routing)), emptied),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
    }
    return nested_form_data({**data, **values})


def as_sent(block, value, emptied):
    """The value of a block as its inputs would bring it."""
    if hasattr(value, "raw_data"):  # A StreamValue.
        rows = [(each.block_type, as_sent(each.block, each.value, emptied)) for each in value]
        found = streamfield(rows)
        for number, each in enumerate(value):
            found[str(number)]["id"] = each.id
        return found
    if hasattr(value, "bound_blocks") and isinstance(value.bound_blocks, list):  # A ListValue.
        found = {"count": len(value.bound_blocks)}
        for number, each in enumerate(value.bound_blocks):
            inner = as_sent(each.block, each.value, emptied)
            found[str(number)] = {"deleted": "", "order": number, "type": "", "id": each.id, "value": inner}
        return found
    if hasattr(value, "bound_blocks"):  # A StructValue.
        return {name: as_sent(each.block, each.value, emptied) for name, each in value.bound_blocks.items()}
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, list):
        return [] if emptied else value
    if emptied or value in (None, False):
        return ""
    return "on" if value is True else value
