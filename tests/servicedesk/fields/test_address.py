"""An address in its parts, each refused in a sentence that names it."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string

from servicedesk.fields.address import LABELS, AddressField
from tests.servicedesk.fields.tables import refusals, sentence

TEHRAN = ["تهران", "خیابان آزادی، پلاک ۱۲", "1136845671"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (TEHRAN, ("تهران", "خیابان آزادی، پلاک ۱۲", "1136845671")),
        ([" كرج ", "خیابان يكم\r\nکوچه‌ی ٢", "۱۱۳۶۸-۴۵۶۷۱"], ("کرج", "خیابان یکم\nکوچه‌ی ٢", "1136845671")),
        (["شيراز\u200f", "\u202bبلوار چمران\u202c", "١١٣٦٨٤٥٦٧١"], ("شیراز", "بلوار چمران", "1136845671")),
    ],
)
def test_an_address_is_kept_in_its_parts(typed, kept):
    assert AddressField().clean(typed) == dict(zip(LABELS, kept, strict=True))


def test_an_address_without_postal_code():
    assert AddressField(with_postal_code=False).clean(TEHRAN[:2]) == {
        "city": "تهران",
        "street": "خیابان آزادی، پلاک ۱۲",
        "postal_code": "",
    }


REFUSED = [
    (["", "", ""], {"required": "نشانی را وارد کنید."}),
    ([" ", "\r\n", "\u200f\u200c"], {"required": "نشانی را وارد کنید."}),
    (None, {"required": "نشانی را وارد کنید."}),
    (["", *TEHRAN[1:]], {"city.required": "نام شهر یا روستا را وارد کنید."}),
    (["\u200f\u200c", *TEHRAN[1:]], {"city.required": "نام شهر یا روستا را وارد کنید."}),
    (["م" * 101, *TEHRAN[1:]], {"city.max_length": "نام شهر حداکثر ۱۰۰ کاراکتر است؛ اکنون ۱۰۱ کاراکتر دارد."}),
    (["تهران", "", "1136845671"], {"street.required": "نام خیابان و کوچه و شمارهٔ پلاک را وارد کنید."}),
    (
        ["تهران", "م" * 501, "1136845671"],
        {"street.max_length": "نشانی حداکثر ۵۰۰ کاراکتر است؛ اکنون ۵۰۱ کاراکتر دارد."},
    ),
    ([*TEHRAN[:2], ""], {"postal_code.required": "کد پستی را وارد کنید."}),
    ([*TEHRAN[:2], "۱۲۳"], {"postal_code.length": "کد پستی ۱۰ رقم دارد؛ این یکی ۳ رقم دارد."}),
    (
        [*TEHRAN[:2], "ندارم"],
        {"postal_code.digits": "کد پستی فقط با رقم نوشته می‌شود، بدون حرف یا نشانهٔ دیگر."},
    ),
    (
        ["", "خیابان", "٠" * 10],
        {
            "city.required": "نام شهر یا روستا را وارد کنید.",
            "postal_code.repeated": "هر ده رقم کد پستی یکسان نیست. آن را روی قبض آب یا برق می‌یابید.",
        },
    ),
]


@pytest.mark.parametrize(("typed", "said"), REFUSED)
def test_an_address_that_does_not_do(typed, said):
    assert {error.code: sentence(error) for error in refusals(AddressField(), typed)} == said


def test_an_address_that_may_be_left_out_is_left_out_as_a_whole():
    field = AddressField(required=False)
    assert field.clean(["", " ", ""]) is field.clean(None) is field.clean([]) is None
    assert [error.code for error in refusals(field, ["تهران", "", ""])] == ["street.required", "postal_code.required"]


class Place(forms.Form):
    place = AddressField(label="نشانی محل", help_text="جایی که خراب است")


def sent(city="تهران", street="خیابان آزادی", postal_code="1136845671"):
    return Place({"place-city": city, "place-street": street, "place-postal_code": postal_code})


def inputs_of(html):
    return {
        name: tag
        for tag in re.findall("<(?:input|textarea)[^>]*>", html)
        for name in re.findall('name="place-(.*?)"', tag)
    }


def test_each_part_has_its_label_and_says_what_it_is_to_the_browser():
    html = Place()["place"].as_field_group()
    inputs = inputs_of(html)
    assert html.startswith("<fieldset")
    assert 'inputmode="numeric"' in inputs["postal_code"]
    for part, autocomplete in (
        ("city", "address-level2"),
        ("street", "street-address"),
        ("postal_code", "postal-code"),
    ):
        assert f'autocomplete="{autocomplete}"' in inputs[part]
        own_id = re.search('id="(.*?)"', inputs[part]).group(1)
        assert re.search(f'<label[^>]*for="{own_id}"[^>]*>{LABELS[part]}<', html)


def test_the_form_reads_what_its_inputs_send():
    form = sent()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["place"] == {"city": "تهران", "street": "خیابان آزادی", "postal_code": "1136845671"}
    again = Place(initial={"place": form.cleaned_data["place"]})
    assert 'value="تهران"' in str(again["place"])
    assert "خیابان آزادی</textarea>" in str(again["place"])


def test_only_the_refused_parts_are_marked_and_all_keep_what_was_typed():
    html = sent(street="", postal_code="۱۲ ب")["place"].as_field_group()
    inputs = inputs_of(html)
    assert [part for part, tag in inputs.items() if 'aria-invalid="true"' in tag] == ["street", "postal_code"]
    assert 'aria-describedby="id_place_helptext id_place_error"' in inputs["street"]
    assert "aria-describedby" not in inputs["city"]
    assert 'value="تهران"' in inputs["city"]
    assert 'value="۱۲ ب"' in inputs["postal_code"]
    empty = inputs_of(sent("", "", "")["place"].as_field_group())
    assert all('aria-invalid="true"' in tag for tag in empty.values())


@pytest.mark.parametrize(("typed", "first"), [({"postal_code": "1"}, "postal_code"), ({"street": ""}, "street")])
def test_the_summary_of_errors_leads_to_the_refused_part(typed, first):
    form = sent(**typed)
    target = re.search('href="#(.*?)"', render_to_string("servicedesk/error_summary.html", {"form": form})).group(1)
    assert f'id="{target}"' in inputs_of(str(form["place"]))[first]
