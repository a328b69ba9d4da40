"""Curricula as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CurriculumConfig(AppConfig):
    """Lives in each school."""

    name = "schools.curriculum"

    def ready(self) -> None:
        """Put the curriculum into the office's navigation, and choosing on the student's page."""
        from identity import roles
        from schools.curriculum import profile
        from web import navigation

        profile.register()
        navigation.register(
            navigation.Item(
                "curriculum", _("Curriculum"), "book", "curriculum:index", (*roles.OFFICE, roles.TEACHER),
                section="office", order=53,
                match=(
                    "curriculum:version", "curriculum:lines", "curriculum:follow", "curriculum:block",
                    "curriculum:block_add", "curriculum:block_edit", "curriculum:option", "curriculum:option_add",
                    "curriculum:courses", "curriculum:course", "curriculum:course_add", "curriculum:of_student",
                ),
            )
        )  # fmt: skip
