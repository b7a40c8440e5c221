"""A postal address, asked for in its parts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk import persian
from servicedesk.fields.identity import PostalCodeField
from servicedesk.fields.text import LineField, ParagraphField

LONGEST_CITY = 100
LONGEST_STREET = 500
LABELS = {"city": _("City or village"), "street": _("Street address"), "postal_code": _("Postal code")}


def _city():
    return LineField(
        longest=LONGEST_CITY,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
        error_messages={
            "required": _("Enter the city or village."),
            "max_length": _("The name of the city may have %(limit)s characters; now it has %(length)s."),
        },
    )


def _street():
    return ParagraphField(
        longest=LONGEST_STREET,
        widget=forms.Textarea(attrs={"rows": 3, "cols": False, "autocomplete": "street-address"}),
        error_messages={
            "required": _("Enter the street address, with the number of the house."),
            "max_length": _("The street address may have %(limit)s characters; now it has %(length)s."),
        },
    )


class AddressBoundField(forms.BoundField):
    """Marks those parts of the address that were refused, and only them."""

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("aria-invalid", None)
        codes = [error.code or "" for error in self.errors.as_data()]
        # An empty address is refused as a whole; each error of a part begins with its name.
        attrs["wrong_parts"] = [
            part for part in LABELS for code in codes if code == "required" or code.startswith(part)
        ]
        attrs["described"] = self.aria_describedby
        return attrs


class AddressWidget(forms.MultiWidget):
    """The parts below each other, each with its label. Their names are that of the field with «-city» and so on."""

    template_name = "servicedesk/fields/address.html"

    def __init__(self, widgets, attrs=None):
        super().__init__(widgets, attrs)
        self.parts = list(widgets)
        self.widgets_names = [f"-{part}" for part in widgets]

    def get_context(self, name, value, attrs):
        attrs = dict(attrs or {})
        wrong, described = attrs.pop("wrong_parts", []), attrs.pop("described", None)
        context = super().get_context(name, value, attrs)
        for part, widget in zip(self.parts, context["widget"]["subwidgets"], strict=True):
            widget["label"] = LABELS[part]
            if part in wrong:
                widget["attrs"]["aria-invalid"] = "true"
                widget["attrs"]["aria-describedby"] = described
        return context

    def subwidgets(self, name, value, attrs=None):
        """The inputs, the refused ones first: the summary of errors leads to the first."""
        wrong = (attrs or {}).get("wrong_parts", [])
        inputs = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        inputs = [
            part for _name, part in sorted(zip(self.parts, inputs, strict=True), key=lambda pair: pair[0] not in wrong)
        ]
        yield from inputs

    def decompress(self, value):
        return [(value or {}).get(part, "") for part in self.parts]


class AddressField(forms.MultiValueField):
    """An address; cleaned to ``{"city", "street", "postal_code"}`` ("" where none is asked for), or None when all
    of it is left empty and may be. Codes of errors: «city.required», «postal_code.length» …, or «required»."""

    bound_field_class = AddressBoundField
    default_error_messages = {"required": _("Enter the address.")}

    def __init__(self, *, with_postal_code=True, **field):
        fields = {"city": _city(), "street": _street()}
        if with_postal_code:
            fields["postal_code"] = PostalCodeField()
        self.parts = list(fields)
        field.setdefault("widget", AddressWidget({part: one.widget for part, one in fields.items()}))
        super().__init__(tuple(fields.values()), require_all_fields=False, **field)

    def clean(self, value):
        value = self.widget.decompress(value) if self.disabled and not isinstance(value, list) else value or []
        if not any(persian.tidy(typed or "") for typed in value):
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return None
        address, errors = dict.fromkeys(LABELS, ""), []
        for part, field, typed in zip(self.parts, self.fields, value, strict=True):
            try:
                address[part] = field.clean(typed)
            except forms.ValidationError as refusal:
                errors += [
                    forms.ValidationError(error.message, code=f"{part}.{error.code}", params=error.params)
                    for error in refusal.error_list
                ]
        if errors:
            raise forms.ValidationError(errors)
        self.run_validators(address)
        return address
