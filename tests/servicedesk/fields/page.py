"""One page with one of each field, on a web server of its own: what becomes of a browser's form, without a desk."""

import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from servicedesk.fields.address import AddressField
from servicedesk.fields.identity import LegalIdField, MobileField, NationalIdField, PostalCodeField
from servicedesk.fields.jalali_date import JalaliDateField
from servicedesk.fields.numbers import MoneyField, NumberField
from servicedesk.fields.text import LineField, ParagraphField

STATIC = Path(__file__).resolve().parents[3] / "site/static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'"
)
PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<head><meta charset="utf-8"><title>Fields</title><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="/static/images/favicon.svg">
<link rel="stylesheet" href="/static/css/desk.css">
<script src="/static/js/desk.js" defer></script><script src="/static/js/jalali-picker.js" defer></script></head>
<body><main class="wrap"><h1>Fields</h1>{summary}
<form class="form column" method="post" novalidate>{fields}
<div class="actions"><button class="button" type="submit">OK</button></div></form>
<output>{cleaned}</output></main></body></html>"""


class FieldsForm(forms.Form):
    name = LineField(longest=20, label="نام پدر")
    story = ParagraphField(longest=100, shortest=10, rows=3, label="شرح ماجرا")
    mobile = MobileField()
    person = NationalIdField(label="کد ملی", help_text="0012345679")
    organisation = LegalIdField(label="شناسهٔ ملی شرکت")
    amount = NumberField(smallest=1, largest=5000, decimals=2, label="مساحت به متر مربع")
    price = MoneyField(currency="rial", largest=50_000_000, label="هزینهٔ ساخت")
    day = JalaliDateField(earliest=date(2024, 3, 20), latest=date(2026, 11, 23), label="تاریخ حادثه")
    birthday = JalaliDateField(required=False, label="تاریخ تولد", help_text="1405/09/02")
    code = PostalCodeField(required=False, label="کد پستی")
    address = AddressField(label="نشانی محل")
    other_address = AddressField(with_postal_code=False, required=False, label="نشانی دیگر")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = urlsplit(self.path)
        if path.path.startswith("/static/"):
            file = STATIC / path.path.removeprefix("/static/")
            return self._answer(file.read_bytes(), KINDS[file.suffix])
        wanted = dict(parse_qsl(path.query)).get("fields")
        return self._page(None, wanted)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._page(QueryDict(body), dict(parse_qsl(urlsplit(self.path).query)).get("fields"))

    def _page(self, data, wanted):
        with translation.override("en" if self.path.startswith("/en/") else "fa"):
            form = FieldsForm(data)
            for name in list(form.fields):
                if wanted and name not in wanted.split(","):
                    del form.fields[name]
            good = form.is_bound and form.is_valid()
            page = format_html(
                mark_safe(PAGE),
                lang=translation.get_language(),
                dir="rtl" if translation.get_language_bidi() else "ltr",
                summary=mark_safe(render_to_string("servicedesk/error_summary.html", {"form": form})),
                fields=mark_safe("".join(field.as_field_group() for field in form.visible_fields())),
                cleaned=str(form.cleaned_data) if good else "",
            )
        self._answer(page.encode(), "text/html; charset=utf-8")

    def _answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Nobody reads it."""


class FieldsPage:
    """The page's server, at ``url`` until ``close``."""

    def __init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
