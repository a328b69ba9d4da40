"""A real roll of two schools, from two files, brought in as any other: provision, set up, match, check, import.

The data are P. Cortez, Student Performance, UCI Machine Learning Repository, doi 10.24432/C5TG7T, CC BY 4.0: one row
for each student and subject, without names. Each row becomes one student, called by a number of subject and row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from schools.academics import services as academics
from schools.academics.models import AcademicYear, GradeLevel, SchoolClass, Stream, Subject
from schools.assessment import services as assessment
from schools.assessment.choices import Basis, Kind
from schools.assessment.models import Assessment, GradingScale
from schools.imports import engine, services
from schools.imports.choices import Mode, State
from schools.imports.models import Run
from schools.people.importing import ROLL
from tenants import context, provisioning
from tenants.models import School

SCHOOLS = {"GP": ("gabriel-pereira", "Gabriel Pereira"), "MS": ("mousinho-da-silveira", "Mousinho da Silveira")}
SCALE = "0-20"
BANDS: list[assessment.BandIn] = [
    {"code": "A", "name": "Excellent", "lower": 16, "points": 20},
    {"code": "B", "name": "Good", "lower": 14, "points": 15},
    {"code": "C", "name": "Satisfactory", "lower": 12, "points": 13},
    {"code": "D", "name": "Sufficient", "lower": 10, "points": 11},
    {"code": "F", "name": "Fail", "lower": 0, "points": 9},
]


@dataclass(frozen=True, slots=True)
class Course:
    """One of the two files: a subject, its class, and what its admission numbers begin with."""

    file: str
    subject: str
    code: str


COURSES = (Course("student-por.csv", "Portuguese", "POR"), Course("student-mat.csv", "Mathematics", "MAT"))


def bring_in(folder: Path, *, at: datetime, say: Callable[[str], Any]) -> list[School]:
    """Both schools with everything in the files; what is there already stays as it is."""
    schools: list[School] = []
    for letters, (slug, name) in SCHOOLS.items():
        school = provisioning.request(
            slug=slug, name=name, head_name="", head_email="", by=None, at=at, in_background=False
        )
        school = provisioning.provision(str(school.pk), at=at)
        with context.in_school(school):
            for run in _bring_courses(folder, letters, at):
                say(
                    f"{name}: {run.file_name}: {run.count('create')} students in, "
                    f"{run.count('skip')} were there, {run.count('wrong')} refused"
                )
        schools.append(school)
    return schools


def _bring_courses(folder: Path, letters: str, at: datetime) -> Iterator[Run]:
    scale = GradingScale.objects.filter(name=SCALE).first() or assessment.create_scale(
        name=SCALE, basis=Basis.POINTS, maximum=20, bands=BANDS, is_default=True, by=None, at=at
    )
    year = AcademicYear.objects.latest("starts_on")
    for course in COURSES:
        subject = Subject.objects.filter(name__iexact=course.subject).first() or academics.add_subject(
            name=course.subject, code=f"{course.code}-20", short_name=course.code, by=None, at=at
        )
        school_class = _class_for(course, year, at)
        papers = list(_papers(school_class, subject, scale, at))
        yield _import(folder / course.file, course, letters, school_class, papers, at)


def _class_for(course: Course, year: AcademicYear, at: datetime) -> SchoolClass:
    found = SchoolClass.objects.filter(year=year, name=course.subject).first()
    if found is not None:
        return found
    level = GradeLevel.objects.filter(code="SEC").first() or academics.add_grade_level(
        name="Secondary", code="SEC", order=1000, by=None, at=at
    )
    stream = Stream.objects.filter(name=course.subject).first() or academics.add_stream(
        name=course.subject, by=None, at=at
    )
    return academics.open_class(year=year, grade_level=level, stream=stream, name=course.subject, by=None, at=at)


def _papers(
    school_class: SchoolClass, subject: Subject, scale: GradingScale, at: datetime
) -> Iterator[tuple[str, Assessment]]:
    """G1, G2 and G3, each at the end of its term."""
    for number, term in enumerate(school_class.year.terms.order_by("number")[:3], 1):
        name = f"G{number}"
        found = Assessment.objects.filter(school_class=school_class, subject=subject, term=term, name=name).first()
        yield name, found or assessment.create_assessment(
            school_class=school_class, subject=subject, term=term, name=name, kind=Kind.END_TERM, maximum=20,
            date=term.ends_on, scale=scale, by=None, at=at,
        )  # fmt: skip


def _import(
    path: Path,
    course: Course,
    letters: str,
    school_class: SchoolClass,
    papers: list[tuple[str, Assessment]],
    at: datetime,
) -> Run:
    run = services.receive(
        importer=ROLL, file_name=path.name, content=path.read_bytes(), mode=Mode.INSERT,
        options={"academics": {"school_class": str(school_class.pk)}}, by=None, at=at,
    )  # fmt: skip
    columns = {"sex": "sex", "absences": "absences", **{f"mark:{paper.pk}": name for name, paper in papers}}
    run = services.match(
        run=run,
        mapping={key: run.header.index(name) for key, name in columns.items()},
        options={
            "people": {"pattern": f"{course.code}-{{row}}", "anonymous": True},
            "academics": {"school_class": str(school_class.pk)},
        },
        filter_column=run.header.index("school"),
        filter_value=letters,
        by=None,
        at=at,
        in_background=False,
    )
    engine.check(run_id=str(run.pk), at=at)
    run.refresh_from_db()
    if run.count("create"):
        services.start(run=run, by=None, at=at, in_background=False)
        engine.carry_out(run_id=str(run.pk), at=at, seconds=float("inf"))
        run.refresh_from_db()
        assert run.state == State.DONE
    return run
