"""Letters from before the day that counts now had one of its own."""

from django.db import migrations

FORWARD = """
UPDATE servicedesk_letter SET
    due_on = promised_on,
    moved_at = coalesce((SELECT max(at) FROM servicedesk_event WHERE letter_id = servicedesk_letter.id), submitted_at),
    rests_since = CASE WHEN status = 'waiting' THEN now() END
"""


class Migration(migrations.Migration):
    dependencies = [("servicedesk", "0021_staff_desk")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
