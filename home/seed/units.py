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
WEEK, WEEK_EN = "شنبه تا چهارشنبه، ۷:۳۰ تا ۱۴:۳۰", "Saturday to Wednesday, 7:30 to 14:30"
TOWN_HALL, TOWN_HALL_EN = "میدان بید، ساختمان شهرداری، {}", "Town hall, {}, Willow Square"


@dataclass(frozen=True)
class Words:
    name: str
    description: str
    address: str
    telephone: str
    name_en: str
    description_en: str
    address_en: str
    opening_hours: str = WEEK
    opening_hours_en: str = WEEK_EN


# No area code of any town begins with three zeros.
UNITS = (
    Words(
        WATER,
        "انشعاب، نشتی و گرفتگی، کیفیت آب",
        "خیابان رودکنار، ساختمان آب",
        "۰۰۰-۰۰۰۰۰۰۱۰",
        "Water and sewers",
        "Connections, leaks and blockages, water quality",
        "Water building, Riverside Street",
        "شنبه تا چهارشنبه، ۷ تا ۱۹؛ خبر نشتی همهٔ روزها",
        "Saturday to Wednesday, 7 to 19; leaks are taken every day",
    ),
    Words(
        LIGHTS,
        "چاله و آسفالت، پیاده‌رو، چراغ خیابان",
        TOWN_HALL.format("طبقهٔ همکف"),
        "۰۰۰-۰۰۰۰۰۰۲۰",
        "Streets and lighting",
        "Potholes and asphalt, pavements, street lamps",
        TOWN_HALL_EN.format("ground floor"),
    ),
    Words(
        BUILDINGS,
        "پروانه، پایان کار، نقشه و تابلوی ساختمان",
        TOWN_HALL.format("طبقهٔ نخست"),
        "۰۰۰-۰۰۰۰۰۰۳۰",
        "Planning and buildings",
        "Permits, completion of works, plans and signs",
        TOWN_HALL_EN.format("first floor"),
        "شنبه تا چهارشنبه، ۸ تا ۱۳",
        "Saturday to Wednesday, 8 to 13",
    ),
    Words(
        WASTE,
        "زمان جمع‌آوری، سطل‌ها، نظافت کوچه و جوی",
        "خیابان باغ‌سرا، شمارهٔ ۸",
        "۰۰۰-۰۰۰۰۰۰۴۰",
        "Waste and street cleaning",
        "Collection times, bins, clean lanes and gutters",
        "8 Garden Street",
    ),
    Words(
        PARKS,
        "هرس و کاشت، وسایل بازی، نگهداری بوستان",
        "بوستان نارون، خانهٔ باغبان",
        "۰۰۰-۰۰۰۰۰۰۵۰",
        "Parks and greenery",
        "Pruning and planting, playgrounds, care of parks",
        "Gardener's house, Elm Park",
    ),
    Words(
        REVENUE,
        "قبض، قسط‌بندی، مفاصاحساب",
        TOWN_HALL.format("طبقهٔ دوم"),
        "۰۰۰-۰۰۰۰۰۰۶۰",
        "Revenue and charges",
        "Bills, payment in parts, clearance certificates",
        TOWN_HALL_EN.format("second floor"),
    ),
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
