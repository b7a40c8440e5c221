"""Letters go when their time is over, files and all, and the figures stay right."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.models import Count
from django.utils import timezone

from servicedesk import purging
from servicedesk.models import Alarm, Letter, OutgoingMessage, RemovalRecord, StaffView, User
from servicedesk.models.event import EventIsWritten
from servicedesk.models.retention import due_accounts, due_letters
from servicedesk.persian import fold
from servicedesk.purging import keep_no_longer_than_promised
from servicedesk.uploads.store import StoreUnavailable
from servicedesk.workflow import MoveNotAllowed, Status
from tests import factories
from tests.questions import answered_letter, question, section

pytestmark = pytest.mark.django_db

SECRETS = ("لیلا قناری", "موضوعِ قناری", "پاسخِ قناری", "یادداشتِ قناری", "دلیلِ قناری", "مغازهٔ قناری")


def ago(letter, **time):
    """The letter as if all of it had happened so long ago."""
    days = timedelta(**time)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE servicedesk_event SET at = at - %s WHERE letter_id = %s", [days, letter.pk])
        cursor.execute(
            "UPDATE servicedesk_letter SET submitted_at = submitted_at - %s, answered_at = answered_at - %s"
            " WHERE id = %s",
            [days, days, letter.pk],
        )
    letter.refresh_from_db()
    return letter


@pytest.fixture
def answered(leila, water, roads, sara, omid, service):
    """A letter with everything in it that may name somebody."""
    shop = question("short_text", "نام مغازه", searchable=True)
    service.form = [section(shop)]
    words = {"sender_name": SECRETS[0], "subject": SECRETS[1]}
    letter = answered_letter(leila, water, service, {"shop": shop}, {"shop": SECRETS[5]}, **words)
    letter.note(by=sara, text=SECRETS[3])
    letter.forward(by=sara, to=roads, reason=SECRETS[4])
    letter.answer(by=omid, text=SECRETS[2], file=factories.make_attachment(omid, name="قناری.png"))
    StaffView.letter_opened(letter, omid)
    return letter


def everything_of_the_database():
    """All text of all tables."""
    with connection.cursor() as cursor:
        texts = []
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {connection.ops.quote_name(table)} t")
            texts.append(cursor.fetchone()[0])
    return " ".join(texts)


def test_nothing_of_the_person_is_left_and_the_rest_stays(answered, leila, water, roads):
    paths = [file.path for file in answered.attachments.all()]
    before = list(answered.events.values_list("kind", "at", "unit"))
    ago(answered, days=735)
    assert keep_no_longer_than_promised() == 0
    text = everything_of_the_database()
    # Nor in the form that a search reads.
    for secret in (*SECRETS, fold(SECRETS[5]), answered.reference, "قناری.png", "نامه.png"):
        assert secret not in text, secret
    assert len(paths) == 2
    assert not any(storages["letters"].has(path) for path in paths)
    left = Letter.objects.get(pk=answered.pk)
    assert (left.citizen, left.unit, left.first_unit, left.status) == (None, roads, water, Status.ANSWERED)
    assert (left.submitted_at, left.answered_at) == (answered.submitted_at, answered.answered_at)
    assert [(kind, unit) for kind, _, unit in before] == list(left.events.values_list("kind", "unit"))
    assert not left.events.filter(actor__mobile__isnull=False).exists()
    assert left.replies.get().text == ""
    assert not left.messages.exclude(recipient="").exists()
    assert not left.staff_views.exists()
    assert User.citizens.get(pk=leila.pk).last_name_used == ""


def test_the_removal_can_be_proved_by_the_code_alone(answered):
    reference = answered.reference
    assert RemovalRecord.of_letter(reference) is None
    ago(answered, days=735)
    keep_no_longer_than_promised()
    record = RemovalRecord.of_letter(reference)
    assert (record.what, record.why, record.rule, record.files) == ("letter", "retention", "24 months", 2)
    assert RemovalRecord.of_letter("1234567890") is None


def test_the_months_count_from_the_last_word_to_the_citizen(answered, sara):
    ago(answered, days=725)
    assert not due_letters().exists()
    ago(answered, days=10)
    assert due_letters().exists()
    answered.answered_at = None
    # A correction yesterday, but a note is no word to the citizen.
    answered.note(by=sara, text="دیده شد")
    assert due_letters().exists()
    Letter.objects.filter(pk=answered.pk).update(answered_at=timezone.now())
    assert not due_letters().exists()


def test_each_service_has_its_own_months(answered, leila, water, service, sara):
    other = factories.make_service("مجوز", slug="permit", retention_months=6)
    short = factories.make_letter(leila, water, service=other)
    short.answer(by=sara, text="بله")
    for letter in (answered, short):
        ago(letter, days=200)
    assert [letter.pk for letter in due_letters()] == [short.pk]
    other.retention_months = 0
    other.save()
    assert not due_letters().exists()
    # Its page is gone: then the usual months.
    other.delete()
    ago(short, days=600)
    assert [letter.pk for letter in due_letters()] == [short.pk]


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.WAITING])
def test_an_open_letter_is_never_due(make_letter_in, status):
    letter = ago(make_letter_in(status), days=4000)
    keep_no_longer_than_promised()
    assert Letter.objects.get(pk=letter.pk).anonymised_at is None
    with pytest.raises(MoveNotAllowed):
        RemovalRecord.anonymise(letter, why="wish")
    letter.refresh_from_db()
    assert letter.subject


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN])
def test_a_letter_without_an_answer_counts_from_its_last_event(make_letter_in, status):
    letter = ago(make_letter_in(status), days=735)
    keep_no_longer_than_promised()
    assert Letter.objects.get(pk=letter.pk).anonymised_at


def test_it_exists_for_nobody_any_more_but_counts(answered, leila, omid, admin_user, signed_in):
    people = (leila, omid, admin_user)
    figures = [Letter.objects.countable_by(person).count() for person in (omid, admin_user)]
    by_day = list(Letter.objects.values("unit", "status", "service").annotate(n=Count("pk")))
    ago(answered, days=735)
    keep_no_longer_than_promised()
    assert [Letter.objects.visible_to(person).count() for person in people] == [0, 0, 0]
    assert [Letter.objects.countable_by(person).count() for person in (omid, admin_user)] == figures
    assert list(Letter.objects.values("unit", "status", "service").annotate(n=Count("pk"))) == by_day
    left = Letter.objects.get(pk=answered.pk)
    assert signed_in(admin_user).get(f"/admin/desk/{left.reference}/").status_code == 404
    assert signed_in(admin_user).get("/admin/desk/?tab=all").status_code == 200
    with pytest.raises(MoveNotAllowed):
        left.note(by=omid, text="؟")


def test_an_sms_that_still_waits_is_called_off(answered):
    assert answered.messages.filter(state="queued").exists()
    RemovalRecord.anonymise(answered, why="wish")
    assert not OutgoingMessage.objects.due().exists()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_name_offered_in_forms_goes_with_the_last_letter_that_has_it(leila, water, service, order):
    names = ("نام نخست", "نام دوم")
    letters = [factories.make_letter(leila, water, service=service, sender_name=name) for name in names]
    Letter.objects.update(status=Status.ANSWERED)
    RemovalRecord.anonymise(letters[order[0]], why="retention")
    leila.refresh_from_db()
    assert leila.last_name_used == ("نام دوم" if order[0] == 0 else "")
    RemovalRecord.anonymise(letters[order[1]], why="retention")
    leila.refresh_from_db()
    assert leila.last_name_used == ""
    assert "نام دوم" not in everything_of_the_database()


def test_the_name_stays_while_another_letter_has_it(leila, water, service):
    first, second = (factories.make_letter(leila, water, service=service, sender_name="لیلا") for _ in range(2))
    Letter.objects.update(status=Status.ANSWERED)
    RemovalRecord.anonymise(second, why="retention")
    leila.refresh_from_db()
    assert leila.last_name_used == "لیلا"
    RemovalRecord.anonymise(first, why="retention")
    leila.refresh_from_db()
    assert leila.last_name_used == ""


def test_twice_is_once(answered):
    for _time in range(2):
        RemovalRecord.anonymise(answered, why="wish")
    assert RemovalRecord.objects.count() == 1


def test_a_timeline_is_still_written_once(answered):
    event = answered.events.first()
    for change in (event.save, event.delete, answered.events.all().delete, lambda: answered.events.update(remark="")):
        with pytest.raises(EventIsWritten):
            change()


def test_overdue_letters_ring_an_alarm_until_they_are_gone(answered, monkeypatch, capsys):
    ago(answered, days=735)
    monkeypatch.setattr("servicedesk.purging.MOST_AT_ONCE", 0)
    assert keep_no_longer_than_promised() == 1
    assert Alarm.objects.open().get().figures == {"letters": 1}
    with pytest.raises(CommandError, match="longer than promised"):
        call_command("retention")
    assert "overdue: 1 letters" in capsys.readouterr().out
    monkeypatch.undo()
    call_command("retention", now=True)
    assert "overdue: 0 letters" in capsys.readouterr().out
    assert not Alarm.objects.open().exists()


def test_the_command_ends_where_a_letter_does_not_go(answered, monkeypatch, capsys):
    ago(answered, days=800)
    monkeypatch.setattr(RemovalRecord, "anonymise", Mock(side_effect=[DatabaseError] * 5))
    with pytest.raises(CommandError, match="longer than promised"):
        call_command("retention", now=True)
    assert "overdue: 1" in capsys.readouterr().out


def test_what_became_due_today_is_not_overdue(answered, monkeypatch):
    now = timezone.now()
    ago(answered, days=(now - now.replace(year=now.year - 2, day=min(now.day, 28))).days, hours=2)
    ago(answered, days=min(now.day, 28) - now.day)
    monkeypatch.setattr("servicedesk.purging.MOST_AT_ONCE", 0)
    assert due_letters().exists()
    assert keep_no_longer_than_promised() == 0


def test_whoever_comes_back_while_accounts_go_keeps_his(leila, monkeypatch):
    """He was on the list of due accounts, and signed in before his turn."""
    User.citizens.filter(pk=leila.pk).update(date_joined=timezone.now() - timedelta(days=800))
    asked = []

    def due():
        found = due_accounts()
        if not asked:
            asked.append(list(found))
            User.citizens.filter(pk=leila.pk).update(last_login=timezone.now())
            return found.model.citizens.filter(pk__in=[citizen.pk for citizen in asked[0]])
        return found

    monkeypatch.setattr(purging, "due_accounts", due)
    keep_no_longer_than_promised()
    assert asked == [[leila]]
    assert User.citizens.filter(pk=leila.pk).exists()


def test_an_account_goes_two_years_after_its_last_sign_in(leila, kaveh, answered):
    long_ago = timezone.now() - timedelta(days=735)
    User.citizens.update(last_login=long_ago, date_joined=long_ago)
    keep_no_longer_than_promised()
    # Leila's letter is still there, and so is she.
    assert list(User.citizens.all()) == [leila]
    assert RemovalRecord.objects.get().what == "account"


def test_the_object_goes_after_the_row_and_a_store_that_is_away_keeps_nothing_alive(answered, monkeypatch, settings):
    ago(answered, days=735)

    def away(key):
        raise StoreUnavailable

    monkeypatch.setattr(storages["letters"], "remove", away)
    assert keep_no_longer_than_promised() == 0
    assert not answered.attachments.exists()
