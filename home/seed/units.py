"""The units of the made-up municipality, and its name."""

from servicedesk.models import DeskSettings, Unit

ORGANISATION = "شهرداری آویشن‌رود"
WATER, LIGHTS = "آب و فاضلاب", "معابر و روشنایی"
UNITS = (
    (WATER, "انشعاب، نشتی و گرفتگی، کیفیت آب"),
    (LIGHTS, "چاله و آسفالت، پیاده‌رو، چراغ خیابان"),
    ("شهرسازی و ساختمان", "پروانه، پایان کار، نقشه و تابلوی ساختمان"),
    ("پسماند و پاکیزگی شهر", "زمان جمع‌آوری، سطل‌ها، نظافت کوچه و جوی"),
    ("فضای سبز و بوستان‌ها", "هرس و کاشت، وسایل بازی، نگهداری بوستان"),
    ("درآمد و عوارض", "قبض، قسط‌بندی، مفاصاحساب"),
)


def make_units():
    """Make the units of a desk that has none yet. Returns how many were made."""
    if Unit.objects.exists():
        return 0
    for name, description in UNITS:
        Unit.objects.create(name=name, description=description)
    return len(UNITS)


def name_organisation():
    """Give a desk that still wears the name it was born with the municipality's."""
    desk = DeskSettings.load()
    if desk.organisation_name == DeskSettings._meta.get_field("organisation_name").default:
        desk.organisation_name = desk.organisation_short_name = ORGANISATION
        desk.save()
