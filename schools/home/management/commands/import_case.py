"""Bring the student-performance data in: two schools, their classes, scale and assessments, and every row."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import DomainError
from schools.home import student_performance


class Command(BaseCommand):
    """`manage.py import_case tests/data/student-performance`"""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder with student-por.csv and student-mat.csv."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; a second time changes nothing."""
        folder: Path = options["folder"]
        missing = [course.file for course in student_performance.COURSES if not (folder / course.file).is_file()]
        if missing:
            raise CommandError(f"{folder} has no {' and no '.join(missing)}.")
        try:
            student_performance.bring_in(folder, at=clock.now(), say=self.stdout.write)
        except DomainError as error:
            raise CommandError(error.message) from None
