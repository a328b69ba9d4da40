"""The second index that Django gave the key of the platform's own sessions, for LIKE."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0003_lane_indexes")]
    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS django_session_session_key_c0390e0f_like", migrations.RunSQL.noop)
    ]
