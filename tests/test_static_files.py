"""Static files as an installation has them: named by their content, compressed beforehand, kept for good."""

import re

import brotli
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

pytestmark = pytest.mark.django_db
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
A_YEAR = 31_536_000
TEXT = (".css", ".js", ".svg")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """What `manage.py collectstatic` makes of our own files."""
    whitenoise = {"BACKEND": "config.static_files.LeanStaticFiles"}
    storages = {**settings.STORAGES, "staticfiles": whitenoise}
    root = tmp_path_factory.mktemp("static")
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with override_settings(STORAGES=storages, STATIC_ROOT=root, STATICFILES_FINDERS=finders):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield root


def addresses(installed):
    """Of every file that may be asked for under its hashed name."""
    names = [path.relative_to(installed) for path in installed.rglob("*") if HASHED.search(path.name)]
    return [f"/static/{name}" for name in names]


def max_age(answer):
    return int(re.search(r"max-age=(\d+)", answer["Cache-Control"])[1])


def content(answer):
    return b"".join(answer.streaming_content)


def test_every_file_under_its_hashed_name_is_kept_for_good(installed):
    found = addresses(installed)
    assert len(found) > 10
    for address in found:
        answer = Client().get(address)
        assert answer.status_code == 200
        assert "immutable" in answer["Cache-Control"], address
        assert "public" in answer["Cache-Control"]
        assert max_age(answer) >= A_YEAR
        assert "Set-Cookie" not in answer
        assert "Cookie" not in answer.get("Vary", "")


def test_a_name_without_hash_is_not(installed):
    answer = Client().get("/static/css/desk.css")
    assert answer.status_code == 200
    assert "immutable" not in answer["Cache-Control"]
    assert max_age(answer) < 600


def test_text_comes_as_brotli_or_gzip_and_is_the_same(installed):
    texts = [address for address in addresses(installed) if address.endswith(TEXT)]
    assert {address.rpartition(".")[2] for address in texts} == {"css", "js", "svg"}
    for address in texts:
        plain = Client().get(address)
        whole = content(plain)
        small = Client().get(address, headers={"Accept-Encoding": "gzip, deflate, br"})
        if len(whole) < 400:  # Where it would not pay, there is no second file.
            continue
        assert small["Content-Encoding"] == "br", address
        assert brotli.decompress(content(small)) == whole
        older = Client().get(address, headers={"Accept-Encoding": "gzip"})
        assert older["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain
        for answer in (plain, small, older):
            assert answer["Vary"] == "Accept-Encoding"
            assert "immutable" in answer["Cache-Control"]


def test_fonts_are_not_compressed_twice(installed):
    [font] = [address for address in addresses(installed) if address.endswith(".woff2")]
    answer = Client().get(font, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in answer
    assert answer["Content-Type"] == "font/woff2"
    assert not [path for path in installed.rglob("*.woff2.*") if path.suffix in (".br", ".gz")]


def test_a_page_asks_for_hashed_names_only(installed):
    page = Client().get("/?anew").content.decode()
    asked = re.findall(r'(?:href|src)="(/static/[^"#]+)', page)
    assert len(asked) > 3
    assert [address for address in asked if not HASHED.search(address)] == []
    sheet = next(address for address in asked if "desk." in address and address.endswith(".css"))
    inside = re.findall(r"url\([\"']?([^\"')]+)", content(Client().get(sheet)).decode())
    assert inside
    assert [name for name in inside if not name.startswith("data:") and not HASHED.search(name)] == []


def test_developers_words_are_not_sent_to_telephones(installed):
    """The rules and the instructions are: each line of our own sheets and scripts that says something to a browser."""
    for folder in ("css", "js"):
        for source in (settings.BASE_DIR / "site/static" / folder).iterdir():
            served = (installed / folder / source.name).read_text()
            assert folder != "css" or "/*" not in served
            assert not re.search(r"^\s*//", served, re.MULTILINE)
            plain = re.sub(
                r"/\*.*?\*/" if folder == "css" else r"^[ \t]*//.*$",
                "",
                source.read_text(),
                flags=re.S if folder == "css" else re.M,
            )
            assert served.split() == plain.split()
