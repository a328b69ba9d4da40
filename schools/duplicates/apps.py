"""Duplicates as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DuplicatesConfig(AppConfig):
    """Lives in each school."""

    name = "schools.duplicates"

    def ready(self) -> None:
        """Put the pairs into the office's navigation, and merging among what can be undone."""
        from identity import roles
        from schools.bulk import kinds
        from schools.people import directory
        from web import navigation

        kinds.register(kinds.Kind("people.merge", _("Records merged"), "users"))
        directory.words("student.merged", "users", _("Merged with a second record"))
        directory.words("guardian.merged", "users", _("Merged with a second record"))
        directory.words("student.told_apart", "users", _("Told apart from a namesake"))
        directory.words("guardian.told_apart", "users", _("Told apart from a namesake"))
        navigation.register(
            navigation.Item(
                "duplicates", _("Duplicates"), "users", "duplicates:index", roles.OFFICE, section="office", order=84,
                match=("duplicates:kind", "duplicates:pair"),
            )
        )  # fmt: skip
