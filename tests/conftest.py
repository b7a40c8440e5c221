"""The cast and the stage of the suite: few people, known by name."""

import pytest
from django.conf import settings as django_settings
from django.test import Client, override_settings
from django.utils import translation
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice
from xdist.scheduler import LoadScopeScheduling

from servicedesk.models import User
from tests import factories

# Tests that share a running system, so that it is started once.
TOGETHER = ("tests/outside/", "tests/journey/", "tests/browser/")


class OneRunForEach(LoadScopeScheduling):
    """Each test goes to whichever worker is free, but those of ``TOGETHER`` go to one.

    (xdist's own ``loadgroup`` has no effect with pytest 9.2.)
    """

    def _split_scope(self, nodeid):
        return next((shared for shared in TOGETHER if nodeid.startswith(shared)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return OneRunForEach(config, log)


@pytest.fixture(scope="session", autouse=True)
def quick_and_light():
    """collectstatic belongs to an installation, the suite reads the files where they lie; and a password that takes
    long to check protects nobody here."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django_settings.STATIC_ROOT.mkdir(exist_ok=True)
    with override_settings(
        STORAGES={**django_settings.STORAGES, "staticfiles": plain},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def in_persian():
    """A request for /en/ leaves its language in the thread; the next test must not inherit it."""
    with translation.override("fa"):
        yield


@pytest.fixture
def water(db):
    return factories.make_unit("آب و فاضلاب")


@pytest.fixture
def roads(db):
    return factories.make_unit("معابر و ترافیک")


@pytest.fixture
def leila(db):
    """A citizen."""
    return factories.make_citizen()


@pytest.fixture
def kaveh(db):
    """Another citizen."""
    return factories.make_citizen()


@pytest.fixture
def sara(water):
    """A clerk of the water unit."""
    return factories.make_staff("sara", water)


@pytest.fixture
def omid(roads):
    """A clerk of the roads unit."""
    return factories.make_staff("omid", roads)


@pytest.fixture
def editor(db):
    """Somebody with the admin's door and no unit."""
    return factories.make_staff("editor")


@pytest.fixture
def admin_user(db):
    # The same one each time, so that what he wrote can be put back (tests/snapshot.py).
    return User.objects.create_superuser("admin", "admin@example.ir", "correct horse battery", pk=1_000_000)


@pytest.fixture
def service(db):
    return factories.make_service()


@pytest.fixture
def signed_in():
    """``signed_in(leila)``: a browser in which this person has signed in; staff with their second factor."""

    def browser(user):
        client = Client()
        if user.is_citizen:
            client.force_login(user, backend="servicedesk.backends.CitizenBackend")
            return client
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        device, _ = TOTPDevice.objects.get_or_create(user=user, defaults={"name": "authenticator"})
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
        return client

    return browser


@pytest.fixture
def make_letter_in(leila, water, service):
    """``make_letter_in(Status.CLOSED)``: leila's letter to the water unit in that status."""

    def make(status):
        letter = factories.make_letter(leila, water, service=service)
        # Straight into the row: no verb leads to each status yet.
        type(letter).objects.filter(pk=letter.pk).update(status=status)
        letter.refresh_from_db()
        return letter

    return make
