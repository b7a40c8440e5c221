from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('servicedesk', '0008_longer_gateway_id'),
    ]

    operations = [
        migrations.AlterField(
            model_name='outgoingmessage',
            name='kind',
            field=models.CharField(choices=[('code', 'Code'), ('link', 'Link to a new password'), ('message', 'Message')], max_length=8),
        ),
    ]
