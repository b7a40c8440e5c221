from django.db import migrations

from servicedesk.page_generation import CREATE, REMOVE, Watch


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("servicedesk", "0010_units_and_sheets"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [
        migrations.RunSQL(CREATE, REMOVE),
        Watch(
            "django_content_type",
            "servicedesk_desksettings",
            "servicedesk_servicepage",
            "servicedesk_servicepage_units",
            "servicedesk_unit",
            "wagtailcore_collection",
            "wagtailcore_collectionviewrestriction",
            "wagtailcore_locale",
            "wagtailcore_page",
            "wagtailcore_pageviewrestriction",
            "wagtailcore_site",
            "wagtaildocs_document",
            "wagtailimages_image",
            "wagtailimages_rendition",
            "wagtailredirects_redirect",
        ),
    ]
