from django.db import migrations

from servicedesk.page_generation import Watch


class Migration(migrations.Migration):
    """What the pages of the staff desk know of a person besides his units, and of working days, so that they need not ask
    for it each time."""

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("servicedesk", "0022_days_of_earlier_letters"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]

    operations = [
        Watch(
            "auth_group",
            "auth_group_permissions",
            "auth_permission",
            "servicedesk_closure",
            "servicedesk_holiday",
            "servicedesk_user_groups",
            "servicedesk_user_user_permissions",
            "servicedesk_weeklyhours",
            "wagtailcore_groupcollectionpermission",
            "wagtailcore_grouppagepermission",
            "wagtailusers_userprofile",
        ),
    ]
