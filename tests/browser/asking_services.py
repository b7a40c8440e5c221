"""Services that ask, in both languages, as the files that organisations exchange: one has every type of question, one
two steps and conditions, one cannot be published yet. The stage takes them in through the admin.

Plain data, so that no Django is needed beside the Town's own.
"""

import json
import uuid

EVERYTHING, STEPS, UNFINISHED = "every-question", "visit-in-steps", "unfinished"
# A national id, a legal id, a postal code and a mobile number that belong to nobody.
NATIONAL_ID, LEGAL_ID, POSTAL_CODE, MOBILE = "0084575948", "10101234565", "1969833114", "09120000000"
WORDS = {
    EVERYTHING: ("درخواست پروانهٔ کسب", "Business permit"),
    STEPS: ("بازدید از باغ کتاب", "Visit to the book garden"),
    UNFINISHED: ("رزرو سالن", "Booking of the hall"),
    "summary": ("پروانهٔ کار خود را از اینجا بخواهید.", "Ask for the permit of your business here."),
    "subject": ("عنوان درخواست", "Title of the request"),
    # Every type
    "applicant": ("مشخصات متقاضی", "The applicant"),
    "applicant help": ("همان که در پروانه نوشته می‌شود.", "As it will stand in the permit."),
    "national_id": ("کد ملی", "National id"),
    "legal_id": ("شناسهٔ ملی شرکت", "National id of the company"),
    "legal_id help": ("اگر به نام شرکت می‌خواهید.", "If it is for a company."),
    "mobile": ("تلفن همراه شریک", "Mobile number of the partner"),
    "address": ("نشانی محل کار", "Address of the business"),
    "postal_code": ("کد پستی انبار", "Postal code of the store"),
    "business": ("کسب‌وکار", "The business"),
    "short_text": ("نام کسب‌وکار", "Name of the business"),
    "short_text example": ("نان سنگک بهار", "Spring bakery"),
    "choice": ("نوع درخواست", "Kind of request"),
    "first": ("صدور پروانهٔ تازه", "A new permit"),
    "renewal": ("تمدید", "Renewal"),
    "list": ("صنف", "Trade"),
    "choices": ("روزهای کار", "Days of work"),
    "weekdays": ("شنبه تا چهارشنبه", "Saturday to Wednesday"),
    "thursdays": ("پنجشنبه‌ها", "Thursdays"),
    "fridays": ("جمعه‌ها و روزهای تعطیل", "Fridays and holidays"),
    "yes_no": ("کارگر هم دارید؟", "Do you have workers?"),
    "number": ("مساحت", "Area"),
    "square metres": ("متر مربع", "square metres"),
    "money": ("اجارهٔ ماهانه", "Monthly rent"),
    "jalali_date": ("آغاز کار", "Beginning of the work"),
    "long_text": ("شرح کار", "What is done there"),
    "note": ("پیش از فرستادن", "Before you send it"),
    "note text": ("سند مالکیت یا اجاره‌نامه را آماده کنید.", "Have the deed or the lease at hand."),
    "papers": ("مدارک", "Papers"),
    "file": ("اجاره‌نامه یا سند", "Lease or deed"),
    "declaration": ("درستی این پاسخ‌ها را می‌پذیرم.", "I confirm that these answers are true."),
    # In steps
    "visitors": ("بازدیدکنندگان", "The visitors"),
    "who": ("نام گروه", "Name of the group"),
    "school": ("از مدرسه می‌آیید؟", "Do you come from a school?"),
    "visit": ("بازدید", "The visit"),
    "guide": ("راهنما می‌خواهید؟", "Would you like a guide?"),
    "how many": ("چند نفرید؟", "How many are you?"),
    "about guides": ("دربارهٔ راهنما", "About the guide"),
    "subjects": ("موضوع‌های دلخواه", "Subjects that you like"),
    "when": ("روز بازدید", "Day of the visit"),
}
TRADES = (
    ("نانوایی", "آرایشگاه", "خیاطی", "کفاشی", "تعمیر خودرو", "قصابی", "میوه‌فروشی", "کتاب‌فروشی", "عکاسی"),
    ("Bakery", "Barber", "Tailor", "Shoemaker", "Garage", "Butcher", "Greengrocer", "Bookshop", "Photographer"),
)


def _id(key: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, key))


def name_of(key: str) -> str:
    """The name of a question's field."""
    return f"q-{_id(key)}"


class _Writer:
    """Writes blocks in one language."""

    def __init__(self, language: str):
        self.place = ("fa", "en").index(language)

    def words(self, key: str) -> str:
        return WORDS[key][self.place] if key in WORDS else ""

    def block(self, kind: str, key: str, **value) -> dict:
        return {"type": kind, "id": _id(key), "value": value}

    def question(self, kind: str, key: str = "", *, only_if=(), choices=(), **value) -> dict:
        """only_if: (key of the earlier question, comparison, value)."""
        key = key or kind
        value = {"label": self.words(key), "required": True, **value}
        value |= {name: words for name in ("help", "example") if (words := self.words(f"{key} {name}"))}
        if choices:
            value["choices"] = [{"type": "item", "id": _id(each), "value": words} for each, words in choices]
        if only_if:
            value["condition"] = self.only_if(*only_if)
        return self.block(kind, key, **value)

    def only_if(self, key: str, operator: str, value: str) -> dict:
        rule = {"question": _id(key), "operator": operator, "value": value}
        return {"match": "all", "rules": [{"type": "item", "id": _id(f"rule {key}"), "value": rule}]}

    def choices(self, *keys: str) -> list[tuple[str, str]]:
        return [(key, self.words(key)) for key in keys]

    def section(self, key: str, *questions: dict, **value) -> dict:
        value = {"title": self.words(key), "help": self.words(f"{key} help"), **value}
        return self.block("section", key, questions=list(questions), **value)

    def step(self, key: str) -> dict:
        return self.block("step", f"step {key}", title=self.words(key))

    def file(self, slug: str, *form: dict) -> bytes:
        fields = {"title": self.words(slug), "summary": self.words("summary"), "subject_label": self.words("subject")}
        fields |= {"file_asked": "none", "promised_days": 10}
        language = ("fa", "en")[self.place]
        service = {"kind": "servicedesk.service", "format": 1, "language": language, "slug": slug}
        return json.dumps({**service, "fields": fields, "form": list(form)}).encode()


def everything(language: str) -> bytes:
    """The file of a service with every type of question, on one page."""
    write = _Writer(language)
    ask, trades = write.question, enumerate(TRADES[write.place])
    return write.file(
        EVERYTHING,
        write.section(
            "applicant",
            ask("national_id", searchable=True),
            ask("legal_id", required=False),
            ask("mobile"),
            ask("address"),
            ask("postal_code"),
        ),
        write.section(
            "business",
            ask("short_text", searchable=True),
            ask("choice", choices=write.choices("first", "renewal"), searchable=True),
            ask("choice", "list", choices=[(f"trade {number}", words) for number, words in trades]),
            ask("choices", choices=write.choices("weekdays", "thursdays", "fridays")),
            ask("yes_no", searchable=True),
            ask("number", unit=write.words("square metres"), smallest="5", largest="5000", searchable=True),
            ask("money", currency="toman", searchable=True),
            ask("jalali_date", when="past", searchable=True),
            ask("long_text"),
        ),
        write.section(
            "papers",
            ask("note", text=write.words("note text")),
            ask("file", kinds=["jpg", "pdf", "png"], kilobytes=1024, most=2),
            ask("declaration"),
        ),
    )


def in_steps(language: str) -> bytes:
    """The file of a service in two steps; in the second one question hides another, and one a section."""
    write = _Writer(language)
    ask = write.question
    return write.file(
        STEPS,
        write.step("visitors"),
        write.section("visitors", ask("short_text", "who"), ask("yes_no", "school"), title=""),
        write.step("visit"),
        write.section(
            "visit",
            ask("yes_no", "guide"),
            ask("number", "how many", smallest="1", largest="40", only_if=("guide", "is", "yes")),
            ask("jalali_date", "when", when="any"),
            title="",
        ),
        write.section("about guides", ask("long_text", "subjects"), condition=write.only_if("guide", "is", "yes")),
    )


def unfinished(language: str) -> bytes:
    """The file of a service that cannot be published yet."""
    write = _Writer(language)
    ask = write.question
    return write.file(
        UNFINISHED,
        write.section(
            "visit",
            ask("number", "how many", smallest="40", largest="1", only_if=("guide", "is", "yes")),
            ask("yes_no", "guide"),
            ask("jalali_date", "when", only_if=("about guides", "filled", "")),
        ),
    )


FILES = {EVERYTHING: everything, STEPS: in_steps}


def answers(language: str) -> dict[str, str | list[str]]:
    """What somebody answers to everything, by the keys of the questions; files are for him to choose."""
    in_persian = language == "fa"
    return {
        "national_id": NATIONAL_ID,
        "legal_id": LEGAL_ID,
        "mobile": MOBILE,
        "address-city": "شیراز" if in_persian else "Shiraz",
        "address-street": "خیابان نمونه، کوچهٔ بهار، پلاک ۱۲" if in_persian else "12 Spring Alley, Example Street",
        "address-postal_code": POSTAL_CODE,
        "postal_code": POSTAL_CODE,
        "short_text": "نان سنگک بهار" if in_persian else "Spring bakery",
        "choice": _id("first"),
        "list": _id("trade 0"),
        "choices": [_id("weekdays"), _id("thursdays")],
        "yes_no": "yes",
        "number": "۱۲۰" if in_persian else "120",
        "money": "۱۵٬۰۰۰٬۰۰۰" if in_persian else "15,000,000",
        "jalali_date": "۱۴۰۵/۲/۳" if in_persian else "1405/2/3",
        "long_text": "پخت نان سنگک از شش صبح.\nفروش تا نُه شب." if in_persian else "Bread from six.\nUntil nine.",
        "declaration": "on",
    }


def wrong_answers() -> dict[str, str]:
    """What cannot be an answer, to each question that one types into."""
    typed = (
        "national_id",
        "legal_id",
        "mobile",
        "postal_code",
        "address-postal_code",
        "number",
        "money",
        "jalali_date",
    )
    return dict.fromkeys(typed, "۱۲۳۴۵x")


def visit(language: str) -> dict[str, str]:
    """Answers to the second of the two steps."""
    subjects = {"fa": "شاهنامه و نجوم", "en": "Poetry and the stars"}
    return {"guide": "yes", "how many": "12", "when": "1405/10/5", "subjects": subjects[language]}
