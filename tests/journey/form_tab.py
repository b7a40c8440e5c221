"""The tab «فرم» of a service in the page editor, as an editor clicks and types in it."""

from playwright.sync_api import FrameLocator, Locator, Page, expect

A_SECTION = "[data-streamfield-child]:has(> input[value=section])"
A_QUESTION = "[data-streamfield-child]:has(> input[name$='-type']:not([value='']))"

# Nothing has scrolled for 300 ms.
AT_REST = """() => new Promise(done => {
    let timer;
    const scrolled = () => { clearTimeout(timer); timer = setTimeout(end, 300); };
    const end = () => { document.removeEventListener('scroll', scrolled, true); done(); };
    document.addEventListener('scroll', scrolled, true);
    scrolled();
})"""


class FormTab:
    def __init__(self, page: Page, number: int | None = None):
        """number: that of the page in the admin's addresses; None for one that is being made and stands open."""
        self.page, self.number = page, number
        self.open()

    def open(self):
        if self.number is not None:
            self.page.goto(f"/admin/pages/{self.number}/edit/")
        self.page.get_by_role("tab", name="فرم").click()
        self.form = self.page.locator("[data-contentpath=form]")
        self.routes = self.page.locator("[data-contentpath=routing]")

    def add(self, place: Locator, name: str):
        """A block of this name, below all others of its place."""
        place.locator(".c-sf-add-button").locator("visible=true").last.click()
        self.page.get_by_role("option", name=name, exact=True).click()
        self._come_to_rest()

    def _come_to_rest(self):
        """A new block is scrolled to, and a click on the way there meets what passes by."""
        self.page.evaluate(AT_REST)

    def section(self, number: int = 0) -> Locator:
        return self.form.locator(A_SECTION).nth(number)

    def add_route(self):
        # There is but one block to choose from, so that no list opens.
        self.routes.locator(".c-sf-add-button").locator("visible=true").last.click()
        self._come_to_rest()

    def route(self, number: int = 0) -> Locator:
        return self.routes.locator("[data-streamfield-child]:has(> input[value=route])").nth(number)

    def question(self, number: int = 0, section: int = 0) -> Locator:
        return self.section(section).locator("[data-contentpath=questions]").locator(A_QUESTION).nth(number)

    def add_section(self, title: str):
        """Below all that is there."""
        number = self.form.locator(A_SECTION).count()
        self.add(self.form, "بخش")
        self.section(number).get_by_label("عنوان").first.fill(title)

    def add_step(self, name: str):
        """What comes below stands on a page of its own."""
        names = self.form.get_by_label("نام گام")
        number = names.count()
        self.add(self.form, "گام تازه از اینجا")
        names.nth(number).fill(name)

    def add_question(self, kind: str, label: str, section: int = 0) -> Locator:
        """A question below those of this section; -1 is the last."""
        questions = self.section(section).locator("[data-contentpath=questions]")
        number = questions.locator(A_QUESTION).count()
        self.add(questions, kind)
        made = self.question(number, section)
        made.locator("input[name$=-label]").fill(label)
        return made

    def called(self, label: str) -> Locator:
        """The question of this label."""
        asked = self.form.locator("[data-contentpath=questions]").locator(A_QUESTION).locator("visible=true").all()
        found = next(one for one in asked if one.locator("input[name$=-label]").input_value() == label)
        # By its id: places in the form shift.
        return self.form.locator(f"[data-contentpath='{found.get_attribute('data-contentpath')}']")

    def let_staff_search(self, question: Locator):
        question.get_by_role("button", name="تنظیمات").first.click()
        question.get_by_label("کارشناسان با آن جست‌وجو و پالایش کنند").check()

    def remove(self, question: Locator):
        question.get_by_role("button", name="حذف").first.click()
        expect(question).to_be_hidden()

    def add_rule(self, part: Locator) -> Locator:
        """One more rule of the condition of a question or section."""
        condition = part.locator("[data-contentpath=condition]").first
        if not condition.locator("[data-contentpath=rules]").is_visible():
            condition.locator("[data-panel-toggle]").first.click()
        condition.locator("[data-contentpath=rules] .c-sf-add-button").last.click()
        self._come_to_rest()
        return condition.locator(".condition-rule").last

    def preview(self) -> FrameLocator:
        """The form as citizens will see it, beside the editor."""
        self.page.get_by_role("button", name="پیش‌نمایش").first.click()
        shown = self.page.frame_locator("iframe[title=پیش‌نمایش]").last
        # Once it shows the page, it listens to the list of its ways.
        expect(shown.get_by_role("heading", level=1)).to_be_visible()
        self.page.get_by_label("حالت پیش‌نمایش").select_option(label="فرم، از نگاه شهروند")
        expect(shown.get_by_text("این پیش‌نمایش است")).to_be_visible()
        return shown

    def save(self):
        self.page.get_by_role("button", name="ذخیرهٔ پیش‌نویس").click()
        expect(self.page.locator(".messages .success")).to_be_visible()


def choose(rule: Locator, name: str, label: str):
    """In one of the lists of a rule: "question", "operator" or "value"."""
    rule.locator(f"[data-contentpath={name}] select").select_option(label=label)


def in_list(rule: Locator, name: str) -> Locator:
    return rule.locator(f"[data-contentpath={name}] select option")
