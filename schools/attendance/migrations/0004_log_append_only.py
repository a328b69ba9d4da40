"""What was said of a student stays said; only people may be merged or taken from under it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION attendance_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.code, OLD.minutes_late, OLD.captured_at, OLD.source, OLD.applied, OLD.created_at)
       IS DISTINCT FROM (NEW.code, NEW.minutes_late, NEW.captured_at, NEW.source, NEW.applied, NEW.created_at) THEN
        RAISE EXCEPTION 'what a register was told cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attendance_log_update BEFORE UPDATE ON attendance_attendancelog
    FOR EACH ROW EXECUTE FUNCTION attendance_log_refuse();
"""
BACKWARD = """
DROP TRIGGER attendance_log_update ON attendance_attendancelog;
DROP FUNCTION attendance_log_refuse();
"""


class Migration(migrations.Migration):
    """A trigger on the log."""

    dependencies = [("attendance", "0003_attendancelog")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
