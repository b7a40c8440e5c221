"""One local run for all tests of this package; each test leaves it as it found it."""

import pytest

from tests.gateway_double import GatewayDouble
from tests.outside.citizen import Citizen
from tests.outside.running import LocalRun

# What breaks more comes later; the logs are read when everything has happened.
ORDER = (
    "test_failover",
    "test_double_submit",
    "test_guessing",
    "test_gateway_faults",
    "test_parts_away",
    "test_killed",
    "test_canary",
    "test_logs",
)


def pytest_collection_modifyitems(items):
    ours = [item for item in items if item.path.parent.name == "outside"]
    # At the front: they take longest, so that the other workers have something to do meanwhile.
    items[:] = sorted(ours, key=lambda item: ORDER.index(item.path.stem)) + [i for i in items if i not in ours]


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    with GatewayDouble() as gateway:
        running = LocalRun(tmp_path_factory.mktemp("run"), gateway)
        try:
            running.start()
            yield running
        finally:
            running.stop()


@pytest.fixture(autouse=True)
def a_gateway_that_works(run):
    yield
    run.gateway.control("accept")


@pytest.fixture(scope="session")
def leila(run):
    """A citizen who has signed in."""
    return Citizen(run).sign_in()


@pytest.fixture
def kaveh(run):
    """Another one, new in each test, so that no limit of letters is in the way."""
    return Citizen(run).sign_in()


@pytest.fixture
def stranger(run):
    """Somebody who has not signed in."""
    return Citizen(run)
