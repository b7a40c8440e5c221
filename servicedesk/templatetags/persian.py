"""Digits, dates and codes in templates, in the language in use."""

from django import template
from django.utils.html import format_html

from servicedesk import persian, references

register = template.Library()


@register.filter
def digits(value):
    """Digits of the language in use."""
    return persian.in_language(value)


@register.filter
def jalali(moment):
    """«دوشنبه ۲ آذر ۱۴۰۵، ساعت ۱۳:۰۵» inside ``<time datetime>``."""
    return _time(moment, persian.jalali_long)


@register.filter
def jalali_date(moment):
    """«۲ آذر ۱۴۰۵» inside ``<time datetime>``."""
    return _time(moment, persian.jalali_date)


@register.filter
def jalali_short(moment):
    """۱۴۰۵/۰۹/۰۲ inside ``<time datetime>``."""
    return _time(moment, persian.jalali_short)


def _time(moment, words):
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), words(moment)) if moment else ""


@register.filter
def grouped(reference):
    """A tracking code in groups, left to right in any surroundings; copied without the gaps being lost."""
    return format_html('<bdi dir="ltr" class="code">{}</bdi>', persian.in_language(references.grouped(reference)))


@register.filter
def ltr(value):
    """A number or code that keeps its direction inside Persian text."""
    return format_html('<bdi dir="ltr">{}</bdi>', persian.in_language(value))


@register.filter
def words(row, name):
    """A text of a ``Bilingual`` row: ``unit|words:"name"``. Where there is only the other language's, the markup says
    so, or screen readers would read Persian as English. "" without a row."""
    if not row:
        return ""
    text, other = row.words(name)
    return format_html('<span lang="{}" dir="rtl">{}</span>', other, text) if text and other else text


@register.filter
def before(label, sentence):
    """A field's label before a sentence about it: «نام: …», without the colon where the label ends a sentence."""
    return format_html("{}{} {}", label, "" if str(label).rstrip().endswith(tuple(".؟?!:…")) else ":", sentence)


@register.filter
def filesize_words(size):
    """«۶۴۰ کیلوبایت»."""
    return persian.file_size(size)
