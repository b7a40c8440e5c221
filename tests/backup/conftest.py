"""An installation to back up, and a second one, empty, to restore into: a database and a bucket of its own."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import boto3
import psycopg
import pytest
from botocore.config import Config
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command

from config.embedded.seaweedfs import make_bucket
from servicedesk.models import Draft, StaffExport, StaffView
from tests import factories
from tests.questions import answered_letter, question, section

ROOT = Path(__file__).resolve().parents[2]
KEY = "a-key-for-tests-only-0123456789abcdef"


class Elsewhere:
    """The second installation, worked by its own `manage.py`."""

    def __init__(self):
        self.name = f"elsewhere_{uuid.uuid4().hex[:12]}"
        self.bucket = self.name.replace("_", "-")
        self.server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        self._ask("postgres", f"CREATE DATABASE {self.name}")
        keys = os.environ["S3_ACCESS_KEY_ID"], os.environ["S3_SECRET_ACCESS_KEY"]
        make_bucket(os.environ["S3_ENDPOINT_URL"], *keys, self.bucket)
        self.client = boto3.client(
            "s3",
            endpoint_url=os.environ["S3_ENDPOINT_URL"],
            aws_access_key_id=keys[0],
            aws_secret_access_key=keys[1],
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}),
        )

    def _ask(self, database, query):
        with psycopg.connect(f"{self.server}/{database}", autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []

    def rows(self, query):
        return self._ask(self.name, query)

    def tables(self):
        return self.rows("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")

    def manage(self, *arguments, **more):
        """(exit code, output, complaint) of `manage.py`; ``more`` are variables."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": f"{self.server}/{self.name}",
                "S3_BUCKET": self.bucket,
                "BACKUP_KEY": KEY,
                "LOG_LEVEL": "WARNING",
                **more,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def objects(self):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        keys = [found["Key"] for page in pages for found in page.get("Contents", ())]
        return {key: self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read() for key in keys}

    def remove(self):
        self._ask("postgres", f"DROP DATABASE {self.name} WITH (FORCE)")


@pytest.fixture
def elsewhere():
    installation = Elsewhere()
    yield installation
    installation.remove()


@pytest.fixture
def empty_bucket():
    """This installation's bucket without what other tests left there."""
    storage = storages["letters"]
    storage.bucket.objects.all().delete()
    return storage.bucket


@pytest.fixture
def town(db, empty_bucket):
    """Letters, one with answers to a form; a draft, an answer with a file, a waiting SMS, an export, and a picture of
    the editors'."""
    water = factories.make_unit("آب و فاضلاب")
    clerk, leila = factories.make_staff("sara", water), factories.make_citizen()
    service = factories.make_service()
    letters = [
        factories.make_letter(leila, water, service=service, subject=f"چراغ «{number}»\tو \\ خط\nنو")
        for number in range(3)
    ]
    letters[0].answer(by=clerk, text="چراغ عوض شد.\r\nسپاس", file=factories.make_attachment(clerk))
    shop = question("short_text", "نام مغازه", searchable=True)
    service.form = [section(shop)]
    letters.append(answered_letter(leila, water, service, {"shop": shop}, {"shop": "نان «گل‌یاس»\t\\ \n۱۲"}))
    version, typed = letters[-1].version, {"subject": ["نیمه‌\\کاره"]}
    Draft.keep(citizen=leila, form_key=uuid.uuid4(), service=service, version=version, typed=typed, step=1)
    export = StaffExport.begin(user=clerk, service_id=service.pk, service_title="عمومی", format="csv", letters=1)
    StaffView.exported(letters[-1:], export)
    letters[1].note(by=clerk, text="با 'نقل' و NULL و \\N")
    storages["default"].save("images/تصویر نو.png", ContentFile(factories.png()))
    # Larger than what goes through in one piece.
    storages["default"].save("documents/large.bin", ContentFile(os.urandom(9 << 20)))
    return letters


@pytest.fixture
def sealed(settings):
    settings.BACKUP_KEY = KEY


@pytest.fixture
def archive(town, sealed, tmp_path):
    path = tmp_path / "desk.backup"
    call_command("backup", str(path), verbosity=0)
    return path
