"""When a message goes, and which month pays for it: in the school's own time."""

from datetime import datetime, timedelta

from django.utils import timezone

from schools.messaging.models import Settings


def after_quiet(moment: datetime, settings: Settings) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into."""
    local = timezone.localtime(moment)
    begin, end = settings.quiet_from, settings.quiet_until
    if begin == end:
        return moment
    clock = local.time()
    quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not quiet:
        return moment
    day = local if clock < end else local + timedelta(days=1)
    return day.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)


def month_of(at: datetime) -> datetime:
    """The first moment of a month, in the school's time."""
    return timezone.localtime(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
