"""Official numbers: in order, without gaps or doubles, however many ask at once."""

import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from servicedesk.models import Letter, NumberingRule
from servicedesk.models.numbering import NumberTaken
from servicedesk.models.verbs.arriving import LetterContent
from servicedesk.persian import jalali_year
from tests.factories import make_citizen, make_letter

TOGETHER, THREADS = 100, 50


@pytest.fixture
def rule(water):
    return NumberingRule.objects.create(unit=water, pattern="{سال}/آب/{شماره}")


@pytest.mark.django_db
def test_numbers_follow_each_other_in_the_year_of_the_letter(letter, leila, water, sara, rule):
    year = jalali_year(letter.submitted_at)
    second = make_letter(leila, water)
    for one in (letter, second):
        one.number(by=sara, rule=rule)
    assert [letter.official_number, second.official_number] == [f"{year}/آب/1", f"{year}/آب/2"]


@pytest.mark.django_db
def test_a_letter_gets_one_number(letter, sara, rule):
    letter.number(by=sara, rule=rule)
    assert letter.number(by=sara, rule=rule) is None
    assert letter.events.filter(kind="numbered").count() == 1


@pytest.mark.django_db
def test_each_letter_as_it_comes(leila, water, rule):
    NumberingRule.objects.update(on_arrival=True)
    assert make_letter(leila, water).official_number.endswith("/آب/1")


@pytest.mark.django_db
def test_what_was_written_by_hand_is_not_given_again(letter, leila, water, sara, rule):
    year = jalali_year(letter.submitted_at)
    letter.number(by=sara, official_number=f"{year}/آب/1")
    second = make_letter(leila, water)
    second.number(by=sara, rule=rule)
    assert second.official_number == f"{year}/آب/2"
    with pytest.raises(NumberTaken):
        second.number(by=sara, official_number=f"{year}/آب/1")


@pytest.mark.django_db
def test_a_number_that_was_undone_is_the_next_one(letter, sara, rule):
    class Undone(Exception):
        pass

    def number_and_fail():
        with transaction.atomic():
            letter.number(by=sara, rule=rule)
            raise Undone

    with pytest.raises(Undone):
        number_and_fail()
    letter.refresh_from_db()
    letter.number(by=sara, rule=rule)
    assert letter.official_number.endswith("/آب/1")


@pytest.mark.parametrize("pattern", ["{سال}", "{شماره}", "{سال}/{شماره}/{واحد}", "آب"])
def test_a_rule_that_would_give_doubles_or_nonsense_is_refused(pattern):
    with pytest.raises(ValidationError):
        NumberingRule(pattern=pattern).clean()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_hundred_at_once(water, service, sara):
    rule = NumberingRule.objects.create(unit=water, pattern="{سال}-{شماره}")
    letters = [short_letter(water, service) for _ in range(TOGETHER)]
    failed, ready = [], threading.Barrier(THREADS)

    def number(own):
        ready.wait()
        try:
            for letter in own:
                letter.number(by=sara, rule=rule)
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=number, args=(letters[start::THREADS],)) for start in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    given = sorted(int(number.partition("-")[2]) for number in Letter.objects.values_list("official_number", flat=True))
    assert given == list(range(1, TOGETHER + 1))


def short_letter(unit, service):
    """A letter without a file, from a citizen of its own."""
    content = LetterContent(sender_name="لیلا نمونه", subject="چراغ", unit=unit, body=None)
    return Letter.submit(citizen=make_citizen(), service=service, form_key=uuid.uuid4(), content=content)
