"""The service page of an expert's visit in Persian."""

from home.seed.blocks import bullets, prose
from home.seed.units import BUILDINGS, LIGHTS, PARKS, WATER

TITLE = "درخواست بازدید کارشناس"
SLUG = "visit"
DESCRIPTION = "کارشناس شهرداری به محل می‌آید: آسفالت و چراغ، ساختمان، درخت و بوستان، آب و فاضلاب."
UNITS = (WATER, LIGHTS, BUILDINGS, PARKS)

VALUES = {
    "summary": "کاری که باید از نزدیک دیده شود؟ نشانی را بنویسید تا کارشناس واحد به محل بیاید.",
    "description": prose(
        "برای نشست زمین، درخت خطرناک، ترک پیاده‌رو و مانند آن، نامه به‌تنهایی کافی نیست.",
        "پس از خواندن نامه، زمان بازدید را در پاسخ نخست برایتان می‌نویسیم.",
    ),
    "audience": "شهروندان، مدیران ساختمان و کسب‌وکارهای شهر",
    "life_event": "خانه و محله",
    "what_to_prepare": bullets(
        "نشانی روشن محل، با پلاک یا نشانه‌ای نزدیک",
        "عکسی از آنچه باید دیده شود",
        "نامهٔ شما و عکس‌ها، همه در یک فایل",
    ),
    "steps": (
        "<ol><li>وارد می‌شوید و واحد را انتخاب می‌کنید.</li>"
        "<li>نامه و عکس را در یک فایل می‌فرستید و کد رهگیری می‌گیرید.</li>"
        "<li>واحد زمان بازدید را می‌نویسد و پیامک می‌گیرید.</li>"
        "<li>کارشناس می‌آید و نتیجه را در پاسخ نهایی می‌خوانید.</li></ol>"
    ),
    "promised_days": 7,
    "time_needed": "بازدید، تا سه روز پس از پاسخ نخست",
    "visits": 0,
    "cost": "رایگان",
    "legal_basis": prose("نگهداری معابر و بوستان‌ها با شهرداری است. شمارهٔ دستورالعمل بازدید را سازمان می‌نویسد."),
    "code": "AV-1003",
    "relations": ["g2c", "g2b"],
    "nature": "sovereign",
    "level": "urban",
    "starts": ["request", "event"],
    "yearly_count": 620,
    "frequency": "هر گاه لازم شد",
    "channels": ["online", "telephone"],
}
