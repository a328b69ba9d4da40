"""Years, classes and subjects as a Django app."""

from django.apps import AppConfig


class AcademicsConfig(AppConfig):
    """Lives in each school."""

    name = "schools.academics"

    def ready(self) -> None:
        """Give people's pages the class, tell which students a teacher reaches, and seed new schools."""
        from identity import roles
        from schools.academics import queries, seeds
        from schools.people import directory
        from tenants import seeding

        directory.reach(roles.TEACHER, queries.students_of_staff)
        seeding.register("academics", seeds.sow, order=20)
