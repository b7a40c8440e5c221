"""What clamd says is believed only when it is «OK» or «FOUND» about the whole file."""

import os
import signal
import time

import pytest

from config.embedded.ports import free_ports
from servicedesk.uploads.scanner import EICAR, Clean, Found, NotScanned, Scanner
from tests.servicedesk.uploads.samples import MEGABYTE, archive
from tests.servicedesk.uploads.scanners import OwnClamd, answering

pytestmark = pytest.mark.needs("clamd")


@pytest.fixture
def scanner():
    return Scanner(os.environ["CLAMD_OF_THE_TESTS"])


@pytest.fixture
def own(tmp_path):
    running = []

    def start(lines=""):
        running.append(OwnClamd(tmp_path, lines))
        return running[0]

    yield start
    for clamd in running:
        clamd.stop()


def test_a_harmless_file_is_clean(scanner):
    assert scanner.scan(b"hello") == Clean()
    assert scanner.scan(bytes(20 * MEGABYTE)) == Clean()


def test_the_test_file_is_found_alone_and_in_an_archive(scanner):
    assert scanner.scan(EICAR) == Found("EICAR-Test-File.UNOFFICIAL")
    assert isinstance(scanner.scan(archive({"a.txt": EICAR})), Found)


def test_it_proves_itself(scanner):
    scanner.prove(20 * MEGABYTE)
    assert scanner.answers()


def test_nobody_there_is_not_scanned():
    scanner = Scanner(f"tcp://127.0.0.1:{free_ports(1)[0]}")
    with pytest.raises(NotScanned):
        scanner.scan(b"hello")
    assert not scanner.answers()


def test_a_socket_file_works_and_one_that_is_not_there_is_not_scanned(own, tmp_path):
    path = tmp_path / "clamd.ctl"
    own(f'LocalSocket "{path}"\n')
    assert isinstance(Scanner(f"unix://{path}").scan(EICAR), Found)
    with pytest.raises(NotScanned):
        Scanner(f"unix://{path}.gone").scan(b"hello")


def test_a_scanner_that_hangs_is_left_after_its_time(own):
    clamd = own()
    clamd.signal(signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(NotScanned):
        Scanner(clamd.url, scan_seconds=1).scan(bytes(MEGABYTE))
    assert not Scanner(clamd.url).answers()
    assert time.monotonic() - began < 6


def test_a_file_beyond_its_stream_limit_is_not_scanned(own):
    clamd = own("StreamMaxLength 1M\n")
    with pytest.raises(NotScanned):
        Scanner(clamd.url).scan(bytes(3 * MEGABYTE))


def test_a_file_beyond_its_size_limit_is_not_scanned(own):
    clamd = own("MaxFileSize 1M\n")
    with pytest.raises(NotScanned, match="beyond-its-limits"):
        Scanner(clamd.url).scan(bytes(3 * MEGABYTE))


def test_a_scanner_that_calls_what_it_did_not_read_clean_fails_its_proof(own):
    scanner = Scanner(own("MaxFileSize 1M\nAlertExceedsMax no\n").url)
    assert scanner.scan(bytes(3 * MEGABYTE)) == Clean()
    scanner.prove(MEGABYTE // 2)
    with pytest.raises(NotScanned, match="finds-no-test-file"):
        scanner.prove(3 * MEGABYTE)


@pytest.mark.parametrize(
    "words", [b"", b"stream: OK maybe\n", b"INSTREAM size limit exceeded. ERROR\n", b"stream: Broken ERROR\n", b"OK\n"]
)
def test_any_other_answer_is_not_scanned(words):
    with answering(words) as url, pytest.raises(NotScanned):
        Scanner(url).scan(b"hello")
