from django.db import migrations

from servicedesk.page_generation import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0003_site_news_questions"),
        ("servicedesk", "0011_page_generation"),
    ]

    operations = [
        Watch(
            "home_banner",
            "home_contentpage",
            "home_guidepage",
            "home_homepage",
            "home_menuitem",
            "home_newsindexpage",
            "home_newspage",
            "home_questionspage",
            "home_sitesettings",
        ),
    ]
