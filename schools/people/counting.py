"""How many people a school has, for the operators' list."""

from schools.people.choices import StaffStatus, StudentStatus
from schools.people.models import Staff, Student


def students() -> int:
    """Students who are enrolled."""
    return Student.objects.filter(status=StudentStatus.ENROLLED).count()


def staff() -> int:
    """Staff who have not left."""
    return Staff.objects.exclude(status=StaffStatus.LEFT).count()
