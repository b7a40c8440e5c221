"""The contact page in Persian. Units and their telephones are read from the list of units."""

from home.seed.blocks import block, text

TITLE = "تماس با ما"
SLUG = "contact"
DESCRIPTION = "نشانی، ساعت کار و تلفن شهرداری آویشن‌رود و هر یک از واحدهای آن."
INTRODUCTION = "برای بیشتر کارها نامه از خانه کافی است. اگر می‌خواهید بیایید یا زنگ بزنید، این‌جا بیابید."
ADDRESS = "آویشن‌رود، میدان بید، خیابان نخست، ساختمان شهرداری"
TELEPHONE = "۰۰۰-۰۰۰۰۰۰۰۰"
HOURS = [
    {"days": "شنبه تا چهارشنبه", "hours": "۷:۳۰ تا ۱۴:۳۰"},
    {"days": "پنجشنبه", "hours": "۷:۳۰ تا ۱۲"},
    {"days": "میز خدمت الکترونیک", "hours": "همیشه باز"},
]
NOTE = "این شهر و نشانی و شماره‌اش ساختگی است و برای نمایش سامانه آمده است."
BODY = [
    block("contact", heading="شهرداری", address=ADDRESS, telephone=TELEPHONE, hours=HOURS, note=NOTE),
    block("units", heading="واحدها"),
    text(
        "پیش از آنکه بیایید",
        "پشت تلفن کد رهگیری را بگویید تا کارشناس زود نامه‌تان را بیابد. متن پاسخ را پشت تلفن نمی‌خوانیم؛ "
        "برای دیدن آن با شمارهٔ خودتان وارد شوید.",
    ),
]
