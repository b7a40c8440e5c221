"""One thing done with many letters: told of before, done in the background, with a result for each."""

import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from servicedesk import bulk
from servicedesk.models import BulkItem, BulkJob, Event, Letter, OutgoingMessage
from servicedesk.purging import purge_bulk_jobs
from servicedesk.tasks import sweep_bulk
from tests import factories

from .conftest import keyed, page_of

INBOX = "/admin/desk/"
BULK = f"{INBOX}bulk/"


@pytest.fixture
def five(water, service):
    return [
        factories.make_letter(factories.make_citizen(), water, service=service, subject=f"نامهٔ {n}") for n in range(5)
    ]


def codes(letters):
    return [letter.reference for letter in letters]


def done(browser, verb, letters, **fields):
    """Fills the form of a verb in for these letters, lets a worker work, and gives the job."""
    response = browser.post(BULK, {"verb": verb, "letters": codes(letters), **keyed(**fields)})
    assert response.status_code == 303, page_of(response)
    job = BulkJob.objects.latest("pk")
    bulk.work(job.pk)
    job.refresh_from_db()
    return job


def states(job):
    return [item.state for item in job.items.all()]


def test_before_anything_happens_the_clerk_reads_who_gets_an_sms(signed_in, sara, five):
    five[0].answer(by=sara, text="x")
    five[1].ask(by=sara, question="x")
    sent = OutgoingMessage.objects.count()
    browser = signed_in(sara)
    page = page_of(browser.post(BULK, {"verb": "close", "letters": codes(five)}))
    assert "۵ نامه انتخاب شده است" in page
    assert "برای فرستندگان ۴ نامه پیامک می‌رود" in page
    assert "۱ نامه دیگر باز نیست" in page
    assert "برای فرستندگان ۳ نامه پیامک" in page_of(browser.post(BULK, {"verb": "ask", "letters": codes(five)}))
    assert "برای کسی پیامک نمی‌رود" in page_of(browser.post(BULK, {"verb": "note", "letters": codes(five)}))
    assert not BulkJob.objects.exists()
    assert OutgoingMessage.objects.count() == sent


def test_all_are_closed_with_one_text_and_each_sender_is_told(signed_in, sara, five):
    sent = OutgoingMessage.objects.count()
    job = done(signed_in(sara), "close", five, text="تکراری بود.")
    assert states(job) == ["done"] * 5
    assert job.finished_at
    assert OutgoingMessage.objects.count() == sent + 5
    for letter in Letter.objects.all():
        assert letter.status == "closed"
        assert letter.events.latest("pk").message == "تکراری بود."


def test_they_are_given_to_a_person_forwarded_and_noted(signed_in, sara, water, roads, five):
    colleague = factories.make_staff("colleague", water)
    browser = signed_in(sara)
    done(browser, "assign", five, person=colleague.pk)
    assert set(Letter.objects.values_list("assignee", flat=True)) == {colleague.pk}
    done(browser, "note", five[:2], text="زنگ بزنید.")
    assert Event.objects.filter(kind="noted", remark="زنگ بزنید.", actor=sara).count() == 2
    done(browser, "forward", five[:3], unit=roads.pk, reason="مال راه است.")
    assert Letter.objects.filter(unit=roads).count() == 3


def test_they_are_asked_for_more(signed_in, sara, five):
    done(signed_in(sara), "ask", five, question="کدام کوچه؟", wanted="عکس")
    assert Letter.objects.filter(status="waiting").count() == 5
    assert Letter.objects.first().open_request.wanted == ["عکس"]


def test_each_result_is_told_and_one_refusal_stops_nothing(signed_in, sara, five, roads):
    five[0].answer(by=sara, text="x")
    five[2].forward(by=sara, to=roads, reason="x")
    browser = signed_in(sara)
    # The last one slips away between the form and the worker.
    browser.post(BULK, {"verb": "close", "letters": codes(five), **keyed(text="بس است.")})
    job = BulkJob.objects.get()
    five[4].forward(by=sara, to=roads, reason="x")
    bulk.work(job.pk)
    assert states(job) == ["refused", "done", "done", "not-yours"]
    page = page_of(browser.get(f"{BULK}{job.pk}/"))
    assert "۴ از ۴ نامه انجام شد" in page
    assert "نامه دیگر این کار را نمی‌پذیرد" in page
    assert "نامهٔ 4" not in page


def test_a_right_that_was_taken_away_counts_for_what_is_left(signed_in, sara, five):
    browser = signed_in(sara)
    browser.post(BULK, {"verb": "close", "letters": codes(five), **keyed(text="بس است.")})
    sara.memberships.update(role="reader")
    job = BulkJob.objects.get()
    bulk.work(job.pk)
    assert states(job) == ["not-yours"] * 5
    assert not Letter.objects.exclude(status="in-review").exists()


def test_letters_of_others_are_not_chosen(signed_in, sara, omid, five):
    response = signed_in(omid).post(BULK, {"verb": "close", "letters": codes(five)}, follow=True)
    assert "نخست نامه‌ها را علامت بزنید" in page_of(response)
    sara.memberships.update(role="reader")
    response = signed_in(sara).post(BULK, {"verb": "close", "letters": codes(five)}, follow=True)
    assert "نخست نامه‌ها را علامت بزنید" in page_of(response)
    assert 'name="verb" value="close"' not in signed_in(sara).get(INBOX).content.decode()


def test_all_letters_of_a_filter_are_meant_where_that_is_ticked(signed_in, sara, five):
    five[0].assign(by=sara, to=sara)
    fields = {"verb": "note", "everything": "1", "query": "tab=open&assignee=nobody", **keyed(text="x")}
    signed_in(sara).post(BULK, fields)
    assert set(BulkJob.objects.get().items.values_list("letter", flat=True)) == {letter.pk for letter in five[1:]}


def test_the_same_form_sent_twice_is_one_job(signed_in, sara, five):
    browser, fields = signed_in(sara), {"verb": "note", "letters": codes(five), **keyed(text="x")}
    first, second = browser.post(BULK, fields), browser.post(BULK, fields)
    assert first.url == second.url
    job = BulkJob.objects.get()
    bulk.work(job.pk)
    bulk.work(job.pk)
    assert Event.objects.filter(kind="noted").count() == 5


def test_a_worker_that_died_leaves_whole_letters_and_the_sweep_finds_the_rest(
    signed_in, sara, five, monkeypatch, settings
):
    signed_in(sara).post(BULK, {"verb": "note", "letters": codes(five), **keyed(text="x")})
    job, told = BulkJob.objects.get(), []
    real = bulk._do

    def dies_at_the_third(job, letter, form_key):
        event = real(job, letter, form_key)
        if Event.objects.filter(kind="noted").count() == 3:
            raise SystemExit
        return event

    monkeypatch.setattr(bulk, "_do", dies_at_the_third)
    with pytest.raises(SystemExit):
        bulk.work(job.pk)
    assert states(job) == ["done", "done", "pending", "pending", "pending"]
    assert Event.objects.filter(kind="noted").count() == 2
    monkeypatch.setattr(bulk, "_do", real)
    monkeypatch.setattr("servicedesk.tasks.nudge", lambda pk, *more, **options: told.append(pk))
    sweep_bulk()
    assert told == [job.pk]
    bulk.work(job.pk)
    assert states(job) == ["done"] * 5
    told.clear()
    sweep_bulk()
    assert told == []


def test_an_error_in_the_form_keeps_the_choice_and_what_was_typed(signed_in, sara, five):
    fields = {"verb": "ask", "letters": codes(five), **keyed(question="", wanted="عکس کنتور")}
    response = signed_in(sara).post(BULK, fields)
    assert response.status_code == 422
    body = response.content.decode()
    assert "عکس کنتور</textarea>" in body
    assert all(f'name="letters" value="{code}"' in body for code in codes(five))


def test_nobody_else_sees_a_job(signed_in, sara, omid, admin_user, five):
    job = done(signed_in(sara), "note", five, text="x")
    for person in (omid, admin_user):
        assert signed_in(person).get(f"{BULK}{job.pk}/").status_code == 404
        assert signed_in(person).get(f"{BULK}{job.pk}/progress/").status_code == 404


@pytest.mark.parametrize("fields", [{}, {"verb": "burn"}, {"verb": "note", "everything": "1", "query": "tab=x"}])
def test_what_is_no_form_of_ours_is_nothing(signed_in, sara, fields):
    assert signed_in(sara).post(BULK, fields).status_code == 404


def test_progress_is_told_while_it_goes_on(signed_in, sara, five):
    browser = signed_in(sara)
    browser.post(BULK, {"verb": "note", "letters": codes(five), **keyed(text="x")})
    job = BulkJob.objects.get()
    BulkItem.objects.filter(pk=job.items.first().pk).update(state="done")
    told = browser.get(f"{BULK}{job.pk}/progress/").json()
    assert (told["words"], told["finished"]) == ("۱ از ۵ نامه انجام شد.", False)
    assert uuid.UUID(str(job.form_key))


def test_a_job_is_forgotten_a_month_after_its_end_and_not_before_it_is_done(signed_in, sara, five):
    old = Now() - timedelta(days=31)
    job = done(signed_in(sara), "note", five[:2], text="x")
    waiting = BulkJob.begin(owner=sara, verb="note", form_key=uuid.uuid4(), letters=[five[2].pk], text="y")
    BulkJob.objects.update(at=old)
    assert purge_bulk_jobs() == 0
    BulkJob.objects.filter(pk=job.pk).update(finished_at=old)
    assert purge_bulk_jobs() == 3  # with its items
    assert BulkJob.objects.get() == waiting
    assert Event.objects.filter(kind="noted").count() == 2
