"""A Town with people in it: who is signed in, which letters there are, and the trouble that its pages may meet."""

import io
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import asking_services
from tests.browser.asking_services import EVERYTHING, STEPS, UNFINISHED, name_of
from tests.journey.browser import DESKTOP, PHONE, Watch
from tests.journey.citizen import Citizen
from tests.journey.staff import Clerk, Staff
from tests.journey.town import Town

WATER, WATER_EN = "آب و فاضلاب", "Water and sewers"
LIGHTS = "معابر و روشنایی"
# Whose window it is: a stranger has no cookies.
STRANGER, CITIZEN, NEWCOMER, CLERK, ADMIN, HEAD = "stranger", "citizen", "newcomer", "clerk", "admin", "head"
APPROVER = "approver"
# Who meets the services that ask; of the others one has no such letters and one has none at all.
APPLICANT = "applicant"
MOBILES = {CITIZEN: "09120000001", NEWCOMER: "09120000002", APPLICANT: "09120000005"}
# Seconds for a site that was in trouble, and how many answers show that no worker is left in it.
PATIENCE, GOOD_IN_A_ROW = 60, 20
# More than a page of the list holds; some of them were answered.
LETTERS, OF_THESE_ANSWERED = 30, 10


def picture(name: str) -> dict:
    """A small picture as a file field takes it. (Not that of tests.factories, which wants Django set up.)"""
    content = io.BytesIO()
    Image.new("RGB", (80, 60), "navy").save(content, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": content.getvalue()}


_PAGES = """
    SELECT page.id, app_label || '.' || model, url_path, language_code
    FROM wagtailcore_page page
    JOIN django_content_type kind ON kind.id = page.content_type_id
    JOIN wagtailcore_locale locale ON locale.id = page.locale_id
    WHERE live AND depth > 1 ORDER BY path
"""


@dataclass(frozen=True)
class PublicPage:
    """A live page of the tree. kind: "home.newspage"; address: as it is served, such as /en/guide/."""

    id: int
    kind: str
    address: str
    language: str


@dataclass
class Stage:
    """What a screen is reached with. names fill the gaps of addresses: {open}, {answered}, {wish}, {service} …; those
    that each language has for itself are kept as "fa asked" and fill {asked}."""

    town: Town
    watch: Watch
    cookies: dict[str, dict] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    contexts: dict[str, BrowserContext] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.town.url

    def window(self, who: str, screen: dict, **options) -> Page:
        """A new window in which this person is signed in."""
        return self.watch.window(screen, storage_state=self.cookies.get(who), **options)

    def tab(self, who: str, screen: dict, **options) -> Page:
        """A new tab in this person's one browser, which keeps scripts and style sheets from screen to screen, as
        browsers do; ``screen`` and ``options`` are those of the first one."""
        if who not in self.contexts:
            self.contexts[who] = self.window(who, screen, **options).context
        return self.contexts[who].new_page()

    def address(self, template: str, language: str = "fa") -> str:
        """An address with the letters' own names in it, in a language of the site."""
        own = {name.removeprefix(f"{language} "): value for name, value in self.names.items()}
        path = template.format(**self.names | own)
        return f"/en{path}" if language == "en" and not path.startswith("/admin/") else path

    def ask(self, statement: str, *values) -> list[tuple]:
        with self._database() as connection:
            return connection.execute(statement, values).fetchall()

    def tell(self, *statements: str) -> None:
        with self._database() as connection:
            for statement in statements:
                connection.execute(statement)

    def _database(self, name: str = ""):
        note = json.loads((self.town.state / "run.json").read_text())
        more = {"dbname": name} if name else {}
        return psycopg.connect(note["database_url"], autocommit=True, **more)

    def pages(self) -> list[PublicPage]:
        """All live pages, in the order of the tree."""
        found = []
        for number, kind, path, language in self.ask(_PAGES):
            below = path.strip("/").partition("/")[2]
            start = "/" if language == "fa" else f"/{language}/"
            found.append(PublicPage(number, kind, f"{start}{below}/" if below else start, language))
        return found

    def first_page(self, kind: str, language: str = "fa") -> PublicPage | None:
        return next((page for page in self.pages() if (page.kind, page.language) == (kind, language)), None)

    # --- trouble, undone afterwards -----------------------------------------------------------------

    @contextmanager
    def too_many_pictures(self):
        """The limit of security codes of this address is used up."""
        self.tell(
            "INSERT INTO servicedesk_limithit (name, key, at) SELECT name, max(key), now() + interval '1 second' "
            "FROM servicedesk_limithit, generate_series(1, 130) WHERE name = 'security-picture-from-address' "
            "GROUP BY name, generate_series"
        )
        try:
            yield
        finally:
            self.tell("DELETE FROM servicedesk_limithit WHERE name = 'security-picture-from-address'")

    @contextmanager
    def shut_service(self):
        """The service that asks everything takes letters no more."""
        with self._changed_services("closes_at = now() - interval '1 day'", "closes_at = NULL"):
            yield

    @contextmanager
    def often_used_service(self):
        """It takes one letter of each citizen, and whoever looks has sent his."""
        with self._changed_services("most_letters = 1", "most_letters = NULL"):
            yield

    @contextmanager
    def _changed_services(self, change, undoing):
        where = f"FROM wagtailcore_page page WHERE page.id = page_ptr_id AND page.slug LIKE '{EVERYTHING}%'"
        self.tell(f"UPDATE servicedesk_servicepage SET {change} {where}")
        try:
            yield
        finally:
            self.tell(f"UPDATE servicedesk_servicepage SET {undoing} {where}")

    @contextmanager
    def broken_list(self):
        """Something that the list of letters needs is not as the code thinks."""
        self.tell("ALTER TABLE servicedesk_reply RENAME TO servicedesk_reply_elsewhere")
        try:
            yield
        finally:
            self.tell("ALTER TABLE servicedesk_reply_elsewhere RENAME TO servicedesk_reply")

    @contextmanager
    def database_away(self):
        """The database takes no connection."""
        [(name,)] = self.ask("SELECT current_database()")
        with self._database("postgres") as server:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            try:
                yield
            finally:
                server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
                self._wait_until_all_workers_are_well()

    def _wait_until_all_workers_are_well(self):
        """Each web worker finds its database again by itself, within seconds; who asks earlier gets a 503."""
        good, until = 0, time.monotonic() + PATIENCE
        while good < GOOD_IN_A_ROW:
            assert time.monotonic() < until, "the site did not find its database again"
            try:
                with urlopen(f"{self.url}/readyz", timeout=PATIENCE) as answer:
                    good = good + 1 if answer.status == 200 else 0
            except URLError:
                good = 0
                time.sleep(0.2)


def set_up(town: Town, browser: Browser) -> Stage:
    """Send people in: a citizen with letters in every state and a newcomer without, a clerk, an admin."""
    stage = Stage(town, Watch(browser, town.url))
    _send_letters(stage)
    for who, username in ((CLERK, "clerk-1"), (ADMIN, "admin"), (HEAD, "head"), (APPROVER, "approver")):
        person = Staff(stage.watch.window(DESKTOP), town, username)
        person.sign_in()
        stage.cookies[who] = person.page.context.storage_state()
    clerk = Clerk(stage.window(CLERK, DESKTOP), town, "clerk-1")
    clerk.page.goto(stage.address("/admin/desk/{answered}/"))
    clerk.answer("نشتی گرفته شد و آسفالت هم ترمیم می‌شود.", picture("پاسخ.png"))
    clerk.page.goto(stage.address("/admin/desk/{wanted}/"))
    clerk.ask("شمارهٔ اشتراک آب را بنویسید و عکس کنتور را بفرستید.", "عکس کنتور")
    clerk.save_text("رسید و در دست بررسی", "{نام} گرامی\n\nنامهٔ شما با کد {کد} در دست بررسی است.")
    _hand_in_an_answer(stage, clerk)
    _ask_for_an_opinion(stage)
    service = stage.first_page("servicedesk.servicepage")
    home = stage.first_page("home.homepage")
    stage.names |= {"service": service.address, "home": str(home.id)}
    _multiply_letters(stage)
    _take_in_services(stage)
    for language in ("fa", "en"):
        _ask_everything(stage, language)
        _begin_in_steps(stage, language)
    _fail_a_message(stage)
    _ask_for_removal(stage)
    _name_a_member(stage)
    _age_letters(stage)
    town.manage("rebuild_reports")
    stage.watch.wrong.clear()
    return stage


def _citizen(stage: Stage, who: str) -> Citizen:
    citizen = Citizen(stage.watch.window(PHONE), stage.town, MOBILES[who])
    citizen.enter()
    stage.cookies[who] = citizen.page.context.storage_state()
    return citizen


def _send_letters(stage: Stage) -> None:
    _citizen(stage, NEWCOMER)
    leila = _citizen(stage, CITIZEN)
    subjects = {
        "answered": "نشتی لوله در کوچهٔ بهار",
        "open": "درخواست ترمیم جدول پیاده‌رو",
        "wanted": "افت فشار آب در طبقهٔ سوم",
        "handed_in": "بوی بد از چاه فاضلاب کوچه",
        "consulted": "آب‌گرفتگی زیرگذر در بارندگی",
    }
    for name, subject in subjects.items():
        unit = LIGHTS if name == "consulted" else WATER
        stage.names[name] = leila.send_letter(subject=subject, unit=unit, content=picture("")["buffer"])


def _hand_in_an_answer(stage: Stage, clerk: Clerk) -> None:
    """An answer waits for approval; afterwards the unit's clerks answer alone again, as on all other screens."""
    water = f"WHERE name = '{WATER}'"
    stage.tell(f"UPDATE servicedesk_unit SET needs_approval = true {water}")
    clerk.page.goto(stage.address("/admin/desk/{handed_in}/"))
    clerk.hand_in("چاه شسته شد و دریچه‌اش عوض می‌شود.", picture("گزارش.png"))
    stage.tell(f"UPDATE servicedesk_unit SET needs_approval = false {water}")


def _ask_for_an_opinion(stage: Stage) -> None:
    """Another unit asks the clerk's unit."""
    omid = Clerk(stage.watch.window(DESKTOP), stage.town, "clerk-2")
    omid.sign_in()
    omid.page.goto(stage.address("/admin/desk/{consulted}/"))
    omid.consult(WATER, "آیا لولهٔ اصلی زیرگذر گنجایش این آب را دارد؟")


def _take_in_services(stage: Stage) -> None:
    """The services that ask, in both languages: from their files, through the admin. One stays a draft."""
    page = stage.window(ADMIN, DESKTOP)
    for language in ("fa", "en"):
        for slug, content in asking_services.FILES.items():
            stage.names[f"{language} {slug}"] = _take_in(stage, page, language, content(language))
            page.get_by_role("button", name="کارهای بیشتر").last.click()
            page.locator("[name=action-publish]").click()
            # To the list of pages; a message of the taking in stands here already.
            page.wait_for_url(lambda address: "/edit/" not in address)
    stage.names[UNFINISHED] = _take_in(stage, page, "fa", asking_services.unfinished("fa"))


def _take_in(stage: Stage, page: Page, language: str, content: bytes) -> str:
    """Leaves the page editor open; returns the page's number."""
    home = stage.first_page("home.homepage", language)
    page.goto(f"/admin/services/new/{home.id}/")
    file = {"name": "service.json", "mimeType": "application/json", "buffer": content}
    form = page.locator("main form:has([type=file])")
    form.locator("[type=file]").set_input_files(file)
    form.locator("[type=submit]").click()
    page.wait_for_url("**/edit/")
    return urlsplit(page.url).path.split("/")[-3]


def fill_in(page: Page, answers: dict[str, str | list[str]]) -> None:
    """Fill in questions of tests.browser.asking_services: {key: text, or the values to choose}; a key may name a part
    of a question, as "address-city"."""
    for key, given in answers.items():
        question, _, part = key.partition("-")
        fields = page.locator(f"[name='{name_of(question)}{part and f'-{part}'}']")
        kind = fields.first.evaluate("field => field.type")
        if kind == "select-one":
            fields.select_option(given)
        elif given == "on":
            fields.check()
        elif kind in ("radio", "checkbox"):
            for value in [given] if isinstance(given, str) else given:
                page.locator(f"[name='{name_of(question)}'][value='{value}']").check()
        else:
            fields.first.fill(given)


def _ask_everything(stage: Stage, language: str) -> None:
    """A letter with an answer to every type of question."""
    page = stage.window(APPLICANT, PHONE) if APPLICANT in stage.cookies else _citizen(stage, APPLICANT).page
    page.goto(stage.address(f"/desk/letters/new/?service={EVERYTHING}", language))
    page.fill("[name=sender_name]", "لیلا نمونه")
    page.fill("[name=subject]", {"fa": "پروانهٔ نانوایی بهار", "en": "Permit of the Spring bakery"}[language])
    page.get_by_label({"fa": WATER, "en": WATER_EN}[language]).check()
    fill_in(page, asking_services.answers(language))
    papers = [picture({"fa": "اجاره‌نامه.png", "en": "lease.png"}[language])]
    page.set_input_files(f"[name='{name_of('file')}']", papers)
    page.locator("[data-letter-form] .actions [type=submit]").first.click()
    page.wait_for_url("**/receipt/")
    stage.names[f"{language} asked"] = urlsplit(page.url).path.split("/")[-3]


def _begin_in_steps(stage: Stage, language: str) -> None:
    """Two letters in steps: one filled in up to the sending, one left in its second step."""
    page = stage.window(APPLICANT, PHONE)
    for name, visit in (("whole", asking_services.visit(language)), ("half", {})):
        page.goto(stage.address(f"/desk/letters/new/?service={STEPS}", language))
        page.fill("[name=sender_name]", "لیلا نمونه")
        page.fill("[name=subject]", {"fa": "بازدید گروه ما", "en": "Our group"}[language])
        page.get_by_label({"fa": WATER, "en": WATER_EN}[language]).check()
        fill_in(page, {"who": {"fa": "کتابخوانان کوچک", "en": "Little readers"}[language], "school": "yes"})
        page.locator("[data-letter-form] .actions [type=submit]").first.click()
        page.wait_for_url("**/2/")
        stage.names[f"{language} {name}"] = urlsplit(page.url).path.split("/")[-3]
        if visit:
            fill_in(page, visit)
            page.locator("[data-letter-form] .actions [type=submit]").first.click()
            page.wait_for_url("**/check/")


def _multiply_letters(stage: Stage) -> None:
    """Many of the open letter, with other codes, so that lists have more than one page."""
    columns = [
        name
        for (name,) in stage.ask(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'servicedesk_letter' "
            "AND column_name NOT IN ('id', 'reference', 'form_key', 'is_identity')"
        )
    ]
    chosen = ", ".join(f'"{name}"' for name in columns)
    stage.tell(
        f"INSERT INTO servicedesk_letter (reference, form_key, {chosen}) "
        f"SELECT lpad((1000000000 + number)::text, 10, '0'), gen_random_uuid(), {chosen} "
        f"FROM servicedesk_letter, generate_series(1, {LETTERS}) number "
        f"WHERE reference = '{stage.names['open']}' ON CONFLICT DO NOTHING"
    )
    # The oldest of them: one that no clerk opens, and one that its citizen has taken back.
    stage.names["unopened"], stage.names["withdrawn"] = (f"{1000000000 + LETTERS - back}" for back in range(2))
    stage.tell(f"UPDATE servicedesk_letter SET status = 'withdrawn' WHERE reference = '{stage.names['withdrawn']}'")


_AGE = f"""
    WITH copies AS (
        SELECT id, row_number() OVER (ORDER BY id) AS number
        FROM servicedesk_letter WHERE reference LIKE '10000000%'
    ), aged AS (
        SELECT id, number,
            date_trunc('day', now()) - number * interval '1 day' + (6 + number % 6) * interval '1 hour' AS came
        FROM copies
    )
    UPDATE servicedesk_letter letter SET
        submitted_at = came, promised_on = came::date + 12, due_on = came::date + 12,
        moved_at = CASE WHEN number <= {OF_THESE_ANSWERED} THEN came + interval '25 hours' ELSE came END,
        answered_at = CASE WHEN number <= {OF_THESE_ANSWERED} THEN came + interval '25 hours' END,
        status = CASE WHEN number <= {OF_THESE_ANSWERED} THEN 'answered' ELSE status END,
        assignee_id = CASE WHEN number % 3 = 0 THEN (SELECT id FROM servicedesk_user WHERE username = 'head') END
    FROM aged WHERE aged.id = letter.id
"""
_REPLIES = """
    WITH replies AS (
        INSERT INTO servicedesk_reply (letter_id, author_id, unit_id, text, is_final, at)
        SELECT letter.id, person.id, unit_id, 'رسیدگی شد.', true, answered_at
        FROM servicedesk_letter letter, servicedesk_user person
        WHERE reference LIKE '10000000%' AND status = 'answered' AND username = 'head'
        RETURNING id, letter_id, author_id, unit_id, at
    )
    INSERT INTO servicedesk_event (letter_id, kind, at, actor_id, unit_id, reply_id, remark, message)
    SELECT letter_id, 'answered', at, author_id, unit_id, id, '', '' FROM replies
"""


def _age_letters(stage: Stage) -> None:
    """The copies came one a day; some were answered a day later, some are late, every third one is the head's."""
    stage.tell(_AGE, _REPLIES)


def _fail_a_message(stage: Stage) -> None:
    stage.tell(
        "UPDATE servicedesk_outgoingmessage SET state = 'dead', flagged_at = now(), final_at = now(), "
        "last_error = 'blocked_by_recipient' WHERE id = (SELECT min(id) FROM servicedesk_outgoingmessage "
        "WHERE letter_id IS NOT NULL)"
    )


def _ask_for_removal(stage: Stage) -> None:
    """The newcomer's wish waits for a colleague."""
    page = stage.window(NEWCOMER, PHONE)
    page.goto("/desk/my-removal/")
    form = page.locator("main form:not([action])")
    for box in form.locator("input[type=checkbox]").all():
        box.check()
    form.locator("[type=submit]").click()
    page.wait_for_load_state()
    [(number,)] = stage.ask("SELECT max(id) FROM servicedesk_removalrequest")
    stage.names["wish"] = str(number)


def _name_a_member(stage: Stage) -> None:
    """The clerk in the head's unit."""
    [(unit, member)] = stage.ask(
        "SELECT unit_id, membership.id FROM servicedesk_unitmembership membership "
        "JOIN servicedesk_user person ON person.id = user_id WHERE username = 'clerk-1'"
    )
    stage.names |= {"unit": str(unit), "member": str(member)}


def cookie_header(stage: Stage, who: str) -> str:
    """What this person's browser sends along."""
    host = urlsplit(stage.url).hostname
    kept = stage.cookies.get(who, {}).get("cookies", [])
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in kept if cookie["domain"] == host)
