"""Every write of a school's own facts: checked, locked, saved and audited in one transaction."""

from schools.details.services.noting import change, house_several, tag_several
from schools.details.services.shaping import remove_field, remove_house, save_field, save_house

__all__ = ["change", "house_several", "remove_field", "remove_house", "save_field", "save_house", "tag_several"]
