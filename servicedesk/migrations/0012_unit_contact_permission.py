from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("servicedesk", "0011_page_generation")]

    operations = [
        migrations.AlterModelOptions(
            name="unit",
            options={
                "ordering": ["sort_key"],
                "permissions": [("change_unit_contact", "Can change the contact data of units")],
                "verbose_name": "organisational unit",
                "verbose_name_plural": "organisational units",
            },
        ),
    ]
