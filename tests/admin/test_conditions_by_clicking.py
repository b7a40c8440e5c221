"""Conditions of a form, made by clicking in the page editor: what is offered, what is stored, what follows."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from home.groups import EDITORS, make_groups
from servicedesk.models import ServicePage
from servicedesk.questions.conditions import OPERATORS
from servicedesk.questions.register import TYPES
from tests.journey.form_tab import FormTab, choose, in_list
from tests.questions import make_form_service, question, section

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.needs("chromium")]


class Tab(FormTab):
    def __init__(self, page, service):
        self.service = service
        super().__init__(page, service.pk)

    def stored(self):
        """The form of the latest draft, as plain data."""
        return self.latest().form.get_prep_value()

    def latest(self):
        return ServicePage.objects.get(pk=self.service.pk).get_latest_revision_as_object()


def id_of(block):
    return block.locator("> input[name$='-id']").input_value()


@pytest.fixture
def negar(editor, window):
    make_groups()
    editor.groups.add(Group.objects.get(name=EDITORS))
    return window(editor)


def test_a_condition_is_made_of_labels_and_stored_as_ids(negar, watch):
    tab = Tab(negar, make_form_service())
    tab.add(tab.form, "بخش")
    asked = tab.add_question("بله یا خیر", "آیا شریک دارید؟")
    kind = tab.add_question("یکی از چند گزینه", "نوع درخواست")
    for number, words in enumerate(("تازه", "تمدید")):
        kind.locator(f"input[name$=choices-{number}-value]").fill(words)
    area = tab.add_question("عدد", "متراژ")
    depends = tab.add_question("متن کوتاه", "نام شریک")

    rule = tab.add_rule(depends)
    expect(in_list(rule, "question")).to_have_text(["یکی را انتخاب کنید", "آیا شریک دارید؟", "نوع درخواست", "متراژ"])
    for label, name in (("آیا شریک دارید؟", "yes_no"), ("نوع درخواست", "choice"), ("متراژ", "number")):
        choose(rule, "question", label)
        has = [str(OPERATORS[each]) for each in TYPES[name].operators]
        expect(in_list(rule, "operator")).to_have_text(has)
    choose(rule, "operator", str(OPERATORS["at-least"]))
    rule.get_by_label("مقدار").fill("۱۰۰")
    other = tab.add_rule(depends)
    choose(other, "question", "نوع درخواست")
    expect(in_list(other, "value")).to_have_text(["یکی را انتخاب کنید", "تازه", "تمدید"])
    choose(other, "value", "تمدید")
    third = tab.add_rule(area)
    choose(third, "question", "آیا شریک دارید؟")
    choose(third, "operator", str(OPERATORS["filled"]))
    expect(third.locator("[data-contentpath=value]")).to_be_hidden()
    expect(depends.locator("[data-contentpath=condition] .condition-summary")).to_have_text(
        "«متراژ» دست‌کم این باشد: «۱۰۰» و «نوع درخواست» این باشد: «تمدید»"
    )

    # What the browser gave as ids is what is stored.
    ids = [id_of(each) for each in (asked, kind, area, depends)]
    tab.save()
    questions = tab.stored()[0]["value"]["questions"]
    assert [each["id"] for each in questions] == ids
    extension = next(each["id"] for each in questions[1]["value"]["choices"] if each["value"] == "تمدید")
    rules = [rule["value"] for rule in questions[3]["value"]["condition"]["rules"]]
    assert rules == [
        {"question": ids[2], "operator": "at-least", "value": "۱۰۰"},
        {"question": ids[1], "operator": "is", "value": extension},
    ]
    assert questions[2]["value"]["condition"]["rules"][0]["value"]["question"] == ids[0]

    # Of a page that was saved it says the same, and saving it again changes nothing.
    before = tab.stored()
    tab.open()
    expect(tab.question(3).locator("[data-contentpath=condition] .condition-summary")).to_have_text(
        "«متراژ» دست‌کم این باشد: «۱۰۰» و «نوع درخواست» این باشد: «تمدید»"
    )
    tab.save()
    assert tab.stored() == before
    assert watch.wrong == []


@pytest.fixture
def permit():
    partner = question("yes_no", "آیا شریک دارید؟")
    kind = question("choice", "نوع درخواست", choices=["تازه", "تمدید"])
    extension = kind["value"]["choices"][1]["id"]
    return make_form_service(
        section(
            partner,
            kind,
            question("short_text", "نام شریک", rules=[(partner, "is", "yes"), (kind, "is", extension)]),
        )
    )


def open_rules(part):
    part.locator("[data-contentpath=condition] [data-panel-toggle]").first.click()
    return part.locator(".condition-rule")


def test_the_lists_follow_what_is_typed_moved_and_removed(negar, permit, watch):
    tab = Tab(negar, permit)
    open_rules(tab.question(2))
    rules = tab.form.locator(".condition-rule")
    tab.question(0).locator("input[name$=-label]").fill("شریک هم هست؟")
    expect(in_list(rules.first, "question").first).to_have_text("شریک هم هست؟")
    tab.question(1).locator("input[name$=choices-1-value]").fill("تمدید پروانه")
    expect(in_list(rules.last, "value").last).to_have_text("تمدید پروانه")

    choices = tab.question(1).locator("[data-contentpath=choices] [data-streamfield-child]")
    choices.last.get_by_role("button", name="حذف").click()
    expect(rules.last.locator(".condition-problem")).to_contain_text("گزینه‌ای که اینجا بود دیگر نیست")
    choose(rules.last, "value", "تازه")
    expect(rules.last.locator(".condition-problem")).to_be_hidden()

    tab.question(0).get_by_role("button", name="حرکت به پایین").first.click()
    tab.question(1).get_by_role("button", name="حرکت به پایین").first.click()
    expect(rules.first.locator(".condition-problem")).to_contain_text("پایین‌تر می‌آید")
    # It stands last now, and goes.
    tab.question(2).get_by_role("button", name="حذف").first.click()
    expect(rules.first.locator(".condition-problem")).to_contain_text("دیگر در این فرم نیست")
    expect(in_list(rules.first, "question").first).to_have_text("(پرسشی که برداشته شده)")
    assert watch.wrong == []


def test_what_is_duplicated_is_something_of_its_own(negar, permit):
    tab = Tab(negar, permit)
    tab.question(1).get_by_role("button", name="تکثیر").first.click()
    tab.section().get_by_role("button", name="تکثیر").first.click()
    expect(tab.section(1)).to_be_visible()
    tab.save()
    first, second = (each["value"]["questions"] for each in tab.stored())
    ids = [each["id"] for each in (*first, *second)]
    assert len(first) == len(second) == 4
    assert len(set(ids)) == 8
    choices = [each["id"] for asked in (*first, *second) for each in asked["value"].get("choices", ())]
    assert len(set(choices)) == len(choices) == 8
    # The conditions of the second section ask about its own questions and choices.
    rules = [[rule["value"] for rule in part[3]["value"]["condition"]["rules"]] for part in (first, second)]
    for part, (partner, kind) in zip((first, second), rules, strict=True):
        assert partner["question"] == part[0]["id"]
        assert kind["question"] == part[1]["id"]
        assert kind["value"] == part[1]["value"]["choices"][1]["id"]


def test_two_new_questions_share_no_choice(negar):
    tab = Tab(negar, make_form_service())
    tab.add(tab.form, "بخش")
    for label in ("رنگ", "اندازه"):
        tab.add_question("یکی از چند گزینه", label)
    tab.save()
    questions = tab.stored()[0]["value"]["questions"]
    choices = [choice["id"] for each in questions for choice in each["value"]["choices"]]
    assert len(choices) == len(set(choices)) == 4


def test_by_keyboard_alone(negar, permit):
    tab = Tab(negar, permit)
    rules = open_rules(tab.question(2))
    shown = rules.first.get_by_label("پرسش پیشین")
    shown.focus()
    negar.keyboard.press("ArrowDown")
    expect(rules.first.locator("[name$=-question]")).to_have_value(id_of(tab.question(1)))
    negar.keyboard.press("Tab")
    expect(rules.first.get_by_label("مقایسه")).to_be_focused()
    negar.keyboard.press("Tab")
    expect(rules.first.get_by_label("مقدار")).to_be_focused()


def test_a_date_is_compared_with_a_typed_day(negar):
    begins = question("jalali_date", "آغاز کار")
    tab = Tab(negar, make_form_service(section(begins, question("short_text", "چرا"))))
    rule = tab.add_rule(tab.question(1))
    choose(rule, "question", "آغاز کار")
    expect(in_list(rule, "operator")).to_have_text([str(OPERATORS[each]) for each in TYPES["jalali_date"].operators])
    choose(rule, "operator", "این روز یا پس از آن باشد:")
    value = rule.get_by_label("مقدار")
    expect(value).to_have_attribute("placeholder", TYPES["jalali_date"].rule_example())
    value.fill("۱۴۰۵/۱۳/۱")
    tab.save()
    tab.open()
    problems = tab.page.locator("#desk-form-problems")
    expect(problems).to_contain_text("سال ۱۲ ماه دارد؛ ماه ۱۳ نداریم.")
    open_rules(tab.question(1)).get_by_label("مقدار").fill("۱۴۰۵/۱۲/۱")
    tab.save()
    tab.open()
    expect(problems).to_contain_text("آمادهٔ انتشار است")
    expect(tab.question(1).locator(".condition-summary")).to_have_text(
        "«آغاز کار» این روز یا پس از آن باشد: «۱۴۰۵/۱۲/۱»"
    )


def test_units_by_answers_are_made_of_the_questions_above(negar, watch, water, roads):
    tab = Tab(negar, make_form_service(section(question("choice", "نوع کار", choices={"a": "لوله", "b": "خیابان"}))))
    tab.add_route()
    rule = tab.add_rule(tab.route())
    choose(rule, "question", "نوع کار")
    choose(rule, "value", "خیابان")
    tab.route().get_by_label("واحدی که آن‌ها را می‌گیرد").select_option(label=roads.name)
    tab.add_route()
    tab.route(1).get_by_label("واحدی که آن‌ها را می‌گیرد").select_option(label=water.name)
    tab.save()
    expect(tab.page.get_by_text("پرسش‌ها و شرط‌ها آمادهٔ انتشار است")).to_be_attached()
    first, second = tab.latest().outline().routes
    assert (first.unit, first.condition.rules[0].value) == (roads.pk, "b")
    assert (second.unit, bool(second.condition)) == (water.pk, False)
