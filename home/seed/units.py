"""The units of the made-up municipality, and its name."""

from dataclasses import dataclass

from servicedesk.models import DeskSettings, Unit

ORGANISATION, ORGANISATION_EN = "شهرداری آویشن‌رود", "Municipality of Avishanrud"
WATER, LIGHTS = "آب و فاضلاب", "معابر و روشنایی"
BUILDINGS, WASTE, PARKS, REVENUE = (
    "شهرسازی و ساختمان",
    "پسماند و پاکیزگی شهر",
    "فضای سبز و بوستان‌ها",
    "درآمد و عوارض",
)
WEEK = "شنبه تا چهارشنبه، ۷:۳۰ تا ۱۴:۳۰"
TOWN_HALL = "میدان بید، ساختمان شهرداری، {}"


@dataclass(frozen=True)
class Words:
    name: str
    description: str
    address: str
    telephone: str
    opening_hours: str = WEEK


# No area code of any town begins with three zeros.
UNITS = (
    Words(
        WATER,
        "انشعاب، نشتی و گرفتگی، کیفیت آب",
        "خیابان رودکنار، ساختمان آب",
        "۰۰۰-۰۰۰۰۰۰۱۰",
        "شنبه تا چهارشنبه، ۷ تا ۱۹؛ خبر نشتی همهٔ روزها",
    ),
    Words(LIGHTS, "چاله و آسفالت، پیاده‌رو، چراغ خیابان", TOWN_HALL.format("طبقهٔ همکف"), "۰۰۰-۰۰۰۰۰۰۲۰"),
    Words(
        BUILDINGS,
        "پروانه، پایان کار، نقشه و تابلوی ساختمان",
        TOWN_HALL.format("طبقهٔ نخست"),
        "۰۰۰-۰۰۰۰۰۰۳۰",
        "شنبه تا چهارشنبه، ۸ تا ۱۳",
    ),
    Words(WASTE, "زمان جمع‌آوری، سطل‌ها، نظافت کوچه و جوی", "خیابان باغ‌سرا، شمارهٔ ۸", "۰۰۰-۰۰۰۰۰۰۴۰"),
    Words(PARKS, "هرس و کاشت، وسایل بازی، نگهداری بوستان", "بوستان نارون، خانهٔ باغبان", "۰۰۰-۰۰۰۰۰۰۵۰"),
    Words(REVENUE, "قبض، قسط‌بندی، مفاصاحساب", TOWN_HALL.format("طبقهٔ دوم"), "۰۰۰-۰۰۰۰۰۰۶۰"),
)


def make_units():
    """Make the units of a desk that has none yet. Returns how many were made."""
    if Unit.objects.exists():
        return 0
    for words in UNITS:
        Unit.objects.create(**vars(words))
    return len(UNITS)


def name_organisation():
    """Give a desk that still wears the name it was born with the municipality's."""
    desk = DeskSettings.load()
    if desk.organisation_name == DeskSettings._meta.get_field("organisation_name").default:
        desk.organisation_name = desk.organisation_short_name = ORGANISATION
        desk.organisation_name_en = ORGANISATION_EN
        desk.save()
