"""A calendar day in an address; anything that is no day is no address."""

from datetime import date


class DayConverter:
    """`2026-06-16`, in the years that a school can have."""

    regex = r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """The day; a ValueError makes it a 404."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """The day as it is written in addresses."""
        return value.isoformat()
