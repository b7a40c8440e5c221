from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("servicedesk", "0007_privacy")]

    operations = [
        migrations.AlterField("outgoingmessage", "gateway_id", models.CharField(blank=True, max_length=200)),
    ]
