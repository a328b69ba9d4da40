"""Everybody into the next year in one sweep: planned, corrected, carried out, killed half-way, and undone."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import errors
from deploy.local.process import wait_for
from schools.academics import services as academics
from schools.academics.models import AcademicYear, Enrolment, GradeLevel, SchoolClass, Stream
from schools.bulk import services as bulk
from schools.bulk.ledger import snapshots
from schools.bulk.models import Action
from schools.people import services as people
from schools.people.models import Student
from schools.rollover import queries, services
from schools.rollover.choices import State
from schools.rollover.models import Decision, Sweep
from tenants import context
from tests import cast as people_of_tests
from tests import database
from tests.cast import Cast, Company

Browse = Callable[..., Client]
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
TOO_EARLY = datetime(2026, 6, 16, 9, tzinfo=UTC)


def next_year(ours: Company, *, levels: tuple[str, ...] = ("Grade 6", "Grade 7")) -> AcademicYear:
    """2027 with East and West of these levels."""
    year = academics.open_year(
        name="2027", starts_on=date(2027, 1, 4), ends_on=date(2027, 12, 31), by=ours.head, at=AT,
        terms=[academics.TermPlan("Term 1", date(2027, 1, 4), date(2027, 4, 2))],
    )  # fmt: skip
    for name in levels:
        level = GradeLevel.objects.filter(name=name).first() or GradeLevel.objects.create(
            name=name, code=name.replace("rade ", ""), order=61, curriculum=ours.east.grade_level.curriculum
        )
        for stream in Stream.objects.filter(name__in=("East", "West")):
            academics.open_class(year=year, grade_level=level, stream=stream, by=ours.head, at=AT)
    return year


def planned(ours: Company) -> Sweep:
    return services.plan(from_year=ours.year, to_year=next_year(ours), by=ours.head, at=AT)


def decided() -> dict[str, tuple[str, str]]:
    rows = Decision.objects.select_related("student", "to_class")
    return {row.student.first_name: (row.outcome, row.to_class.name if row.to_class else "") for row in rows}


def standing() -> dict[str, object]:
    return {
        model.__name__: snapshots(model, list(model.objects.values_list("pk", flat=True)))
        for model in (Student, Enrolment)
    }


def where() -> dict[str, str]:
    rows = Enrolment.objects.filter(ends_on=None).select_related("student", "school_class__year")
    return {row.student.first_name: f"{row.school_class.name} {row.school_class.year}" for row in rows}


def test_the_plan_promotes_each_stream_and_changes_nothing_yet(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        year, before = next_year(ours), standing()
    registrar = browse(ours.registrar)
    page = registrar.post("/rollover/", {"from_year": ours.year.pk, "to_year": year.pk}, follow=True)
    words = page.content.decode()
    assert "Grade 7 East (2)" in words and "Grade 7 West (1)" in words
    with context.in_school(ours.school):
        assert decided() == {
            "Amani": ("promote", "Grade 7 East"), "Brian": ("promote", "Grade 7 East"),
            "Zawadi": ("promote", "Grade 7 West"),
        }  # fmt: skip
        assert standing() == before


def test_a_person_decides_for_single_students_and_planning_again_keeps_it(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        sweep = planned(ours)
        again = SchoolClass.objects.get(year=sweep.to_year, name="Grade 6 East")
    registrar, amani, brian = browse(ours.registrar), ours.amani.pk, ours.brian.pk
    address = f"/rollover/{sweep.pk}/classes/{ours.east.pk}/"
    refused = registrar.post(
        address, {f"outcome-{amani}": "repeat", f"to-{amani}": ours.east.pk, f"outcome-{brian}": "x"}
    )
    assert refused.status_code == 400 and "Choose a class of 2027." in refused.content.decode()
    facts = {
        f"outcome-{amani}": "repeat", f"to-{amani}": again.pk, f"reason-{amani}": "Was ill for a term",
        f"outcome-{brian}": "leave",
    }  # fmt: skip
    registrar.post(address, facts)
    registrar.post(f"/rollover/{sweep.pk}/plan/")
    with context.in_school(ours.school):
        assert decided() == {
            "Amani": ("repeat", "Grade 6 East"), "Brian": ("leave", ""), "Zawadi": ("promote", "Grade 7 West"),
        }  # fmt: skip
        assert Decision.objects.get(student=ours.amani).reason == "Was ill for a term"


def test_the_last_level_of_a_curriculum_graduates(cast: Cast) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        services.plan(from_year=ours.year, to_year=next_year(ours, levels=("Grade 6",)), by=ours.head, at=AT)
        assert {outcome for outcome, _to in decided().values()} == {"graduate"}


def test_what_stands_in_the_way_is_said_and_nothing_is_started(cast: Cast) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        sweep = planned(ours)
        target = SchoolClass.objects.get(year=sweep.to_year, name="Grade 7 East")
        academics.change_class(school_class=target, capacity=1, by=ours.head, at=AT)
        Decision.objects.filter(student=ours.zawadi).update(to_class=None)
        assert queries.obstacles(sweep, TOO_EARLY.date()) == [
            "2026 runs until 23 October 2026. The sweep can be planned now and carried out after that day.",
            "1 of Grade 6 West have no class to go to.",
            "Grade 7 East has 1 places, and 2 would be in it.",
        ]
        with pytest.raises(errors.Conflict):
            services.start(sweep=sweep, by=ours.head, at=TOO_EARLY)
        assert (Sweep.objects.get().state, Action.objects.exists()) == (State.PLANNED, False)


def test_the_sweep_places_everybody_once_and_one_undo_takes_all_of_it_back(cast: Cast) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        sweep, before = planned(ours), standing()
        services.decide(sweep=sweep, choices={ours.brian.pk: ("graduate", None, "")}, by=ours.head, at=AT)
        services.start(sweep=sweep, by=ours.head, at=AT)
        services.carry_out(sweep_id=str(sweep.pk), by=ours.head, at=AT)
        services.carry_out(sweep_id=str(sweep.pk), by=ours.head, at=AT)
        assert where() == {"Amani": "Grade 7 East 2027", "Zawadi": "Grade 7 West 2027"}
        brian = Student.objects.get(pk=ours.brian.pk)
        assert (brian.status, brian.left_on) == ("graduated", date(2026, 10, 23))
        old = Enrolment.objects.get(student=ours.amani, school_class=ours.east)
        assert (old.ends_on, old.exit_code) == (date(2026, 10, 23), "promoted")
        action = Action.objects.get()
        assert action.counts == {"created": 2, "changed": 4, "removed": 0}
        with pytest.raises(errors.Conflict, match="Undo it first"):
            services.start(sweep=sweep, by=ours.head, at=AT)
        bulk.ask_undo(action=action, by=ours.head, at=AT)
        assert standing() == before
        sweep = Sweep.objects.select_related("action").get()
        assert sweep.is_undone
        services.start(sweep=sweep, by=ours.head, at=AT)
        services.carry_out(sweep_id=str(sweep.pk), by=ours.head, at=AT)
        assert where() == {"Amani": "Grade 7 East 2027", "Zawadi": "Grade 7 West 2027"}


def test_undo_is_refused_as_a_whole_when_one_student_moved_since(cast: Cast) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        sweep = planned(ours)
        services.start(sweep=sweep, by=ours.head, at=AT)
        services.carry_out(sweep_id=str(sweep.pk), by=ours.head, at=AT)
        west = SchoolClass.objects.get(year=sweep.to_year, name="Grade 7 West")
        academics.move(student=ours.amani, school_class=west, on=date(2027, 1, 20), by=ours.head, at=AT)
        before = standing()
        action = bulk.ask_undo(action=Action.objects.get(kind="rollover.sweep"), by=ours.head, at=AT)
        assert action.state == "done" and "was changed later." in action.reason
        assert standing() == before


def test_the_preview_asks_no_more_for_more_students(cast: Cast) -> None:
    ours = cast.mwangaza

    def questions(sweep: Sweep) -> int:
        with CaptureQueriesContext(connection) as asked:
            queries.preview(sweep)
            queries.obstacles(sweep, AT.date())
            list(queries.decisions_of(sweep, ours.east.pk))
        return len(asked)

    with context.in_school(ours.school):
        sweep = planned(ours)
        few = questions(sweep)
        for number in range(20):
            student = people.admit(
                first_name="Ann", last_name=f"N{number}", admission_number=f"C{number}", by=ours.head, at=TOO_EARLY
            )
            academics.enrol(student=student, school_class=ours.east, on=date(2026, 6, 1), by=ours.head, at=TOO_EARLY)
        services.plan(from_year=ours.year, to_year=sweep.to_year, by=ours.head, at=AT)
        assert questions(sweep) == few


def test_a_worker_killed_half_way_loses_nothing_and_doubles_nothing(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = people_of_tests.read().mwangaza
    monkeypatch.setattr(services, "BATCH", 10)
    with context.in_school(ours.school):
        students = Student.objects.bulk_create(
            Student(first_name=f"Ann{n:02}", admission_number=f"C{n}", admission_key=f"C{n}") for n in range(27)
        )
        Enrolment.objects.bulk_create(
            Enrolment(student=student, school_class=ours.east, starts_on=date(2026, 1, 5)) for student in students
        )
        sweep = planned(ours)
        services.start(sweep=sweep, by=ours.head, at=AT)
        held = list(sweep.decisions.order_by("pk"))[15].student_id
    address = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{own_database}"
    with psycopg.connect(address) as holder:
        holder.execute(f"SELECT 1 FROM {ours.school.schema}.people_student WHERE id = %s FOR UPDATE", [held])
        database.leave()  # the worker is to have connections of its own
        worker = multiprocessing.get_context("fork").Process(target=_work, args=(ours, str(sweep.pk)))
        worker.start()

        def first_batch_is_in() -> bool:
            with context.in_school(ours.school):
                return Decision.objects.filter(is_done=True).count() == 10

        wait_for(first_batch_is_in, seconds=30)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        assert worker.exitcode == -signal.SIGKILL
    with context.in_school(ours.school):
        assert (Decision.objects.filter(is_done=True).count(), Sweep.objects.get().state) == (10, State.RUNNING)
        services.carry_out(sweep_id=str(sweep.pk), by=ours.head, at=AT)
        assert Sweep.objects.get().state == State.DONE
        placed = Enrolment.objects.filter(school_class__year=sweep.to_year)
        assert (placed.count(), placed.values("student").distinct().count()) == (30, 30)
        assert Action.objects.get().counts == {"created": 30, "changed": 30, "removed": 0}


def _work(ours: Company, sweep_id: str) -> None:
    with context.in_school(ours.school):
        services.carry_out(sweep_id=sweep_id, by=ours.head, at=AT)
