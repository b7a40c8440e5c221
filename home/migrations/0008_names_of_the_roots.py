from django.db import migrations

# Wagtail's first migrations write these names in English; editors read them over the list of pages, in each way back,
# and as the first collection of pictures.
NAMES = {"Page": ("title", "همهٔ صفحه‌ها"), "Collection": ("name", "مجموعهٔ اصلی")}


def rename(apps, _schema_editor):
    for model, (field, name) in NAMES.items():
        apps.get_model("wagtailcore", model).objects.filter(depth=1, **{field: "Root"}).update(**{field: name})
    apps.get_model("wagtailcore", "Page").objects.filter(depth=1, draft_title="Root").update(draft_title=NAMES["Page"][1])


def name_back(apps, _schema_editor):
    for model, (field, name) in NAMES.items():
        apps.get_model("wagtailcore", model).objects.filter(depth=1, **{field: name}).update(**{field: "Root"})


class Migration(migrations.Migration):
    dependencies = [("home", "0007_guide_figures_and_pdf"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(rename, name_back)]
