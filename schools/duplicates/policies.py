"""Who may do what with duplicates."""

from identity.models import User
from schools.people import policies as people


def may_judge(user: User) -> bool:
    """Looks at pairs, merges them or tells them apart."""
    return people.is_office(user)
