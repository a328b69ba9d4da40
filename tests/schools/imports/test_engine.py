"""The check leaves nothing, the import doubles nothing, the undo restores everything or refuses."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Entry
from core import clock
from core.errors import Conflict
from schools.academics import services as academics
from schools.academics.models import Enrolment, SchoolClass
from schools.assessment import services as assessment
from schools.assessment.models import Assessment, Mark
from schools.attendance.models import BroughtForward
from schools.bulk.ledger import snapshots
from schools.imports import engine, services
from schools.imports.models import Change, Problem, Run
from schools.people import services as people
from schools.people.models import Guardian, Guardianship, Student
from tests.cast import Cast

Bring = Callable[..., Run]
Undo = Callable[[Run], Run]
ROLL = (
    "Adm No,Name,Sex,DOB,Class,Absences,Parent,Phone,Relation\n"
    "A3001,Asha Noor,F,4/3/2015,Grade 6 East,3,Rose Barasa,0722 418 093,mother\n"
    "A3002,Tom Joseph Mboya,boy,2015-05-06,grade 6  west,0,Pamela Mboya,0722000111,mother\n"
    "A3003,Wanjikũ,,,,,,,\n"
)
MODELS = (Student, Guardian, Guardianship, Enrolment, BroughtForward, Mark, SchoolClass)


def everything() -> dict[str, Any]:
    return {m.__name__: snapshots(m, list(m.objects.values_list("pk", flat=True))) for m in MODELS}


def problems(run: Run) -> list[tuple[int, str, str]]:
    return list(run.problems.values_list("row", "column", "message"))


@pytest.fixture
def paper(cast: Cast, in_mwangaza: Any) -> Assessment:
    c = cast.mwangaza
    return assessment.create_assessment(
        school_class=c.east, subject=c.maths, term=c.term, name="Opener", kind="opener", maximum=50,
        date=date(2026, 6, 1), scale=c.scale, by=c.head, at=clock.now(),
    )  # fmt: skip


def test_the_check_counts_and_leaves_nothing(bring: Bring) -> None:
    before, trail = everything(), Entry.objects.exclude(action__startswith="import.").count()
    run = bring(ROLL)
    assert (run.state, problems(run)) == ("checked", [])
    assert run.counts == {"rows": 3, "create": 3, "update": 0, "skip": 0, "wrong": 0, "filtered": 0}
    assert everything() == before
    assert Entry.objects.exclude(action__startswith="import.").count() == trail
    assert Change.objects.count() == 0


def test_every_domain_gets_its_part(import_: Bring, cast: Cast) -> None:
    run = import_(ROLL)
    assert (run.state, run.count("create"), run.position) == ("done", 3, 3)
    asha, tom, wanjiku = Student.objects.filter(admission_number__startswith="A300").order_by("admission_number")
    assert (asha.first_name, asha.last_name, asha.sex, asha.date_of_birth) == ("Asha", "Noor", "F", date(2015, 3, 4))
    assert (tom.middle_name, tom.sex, tom.search) == ("Joseph", "M", "tom joseph mboya a3002")
    assert (wanjiku.first_name, wanjiku.last_name, wanjiku.sex) == ("Wanjikũ", "", "U")
    assert asha.guardianships.get().guardian == cast.mwangaza.rose, "known by her phone and first name"
    assert tom.guardianships.get().guardian.phone == "+254722000111"
    assert [e.school_class.name for e in Enrolment.objects.filter(student__in=[asha, tom]).order_by("student")] == [
        "Grade 6 East",
        "Grade 6 West",
    ]
    assert not wanjiku.enrolments.exists()
    assert set(BroughtForward.objects.values_list("student", "absences")) == {(asha.pk, 3), (tom.pk, 0)}
    assert Entry.objects.filter(action="student.admitted", object_id=str(asha.pk)).count() == 1


def test_each_wrong_cell_is_named_and_the_good_rows_come_in(import_: Bring) -> None:
    run = import_(
        "Adm No,Name,Sex,DOB,Class,Absences,Phone,Parent\n"
        "A3001,Asha,F,,,,,\n"
        "A3001,Again,F,,,,,\n"
        ",Nobody,F,,,,,\n"
        "A3003,,F,,,,,\n"
        "A3004,Tom,Q,31/2/2015,Grade 20,400,12,Pam\n"
        "A3005,Lee,,4/3/2099,,,,\n"
        "A3006,=cmd(),,,,,,\n"
    )
    assert problems(run) == [
        (3, "Adm No", "Row 2 has the same number."),
        (4, "Adm No", "The admission number is missing, or has no letter or digit."),
        (5, "Name", "The name is missing."),
        (6, "Absences", "400 is not a number of days. Type 0 to 366."),
        (6, "DOB", "31/2/2015 is not a date. Write it like 2015-03-04 or 4/3/2015."),
        (6, "Phone", "12 is not a phone number. Write it like 0722 418 093, or with + and the country."),
        (6, "Sex", "Q is not known here. Write F or M."),
        (7, "DOB", "The date of birth is in the future."),
        (8, "Name", "This cell holds a formula. Put its value in its place."),
    ]
    assert (run.count("create"), run.count("wrong")) == (1, 6)
    assert Student.objects.filter(admission_number__startswith="A300").count() == 1


def test_new_known_and_both(import_: Bring, bring: Bring, cast: Cast) -> None:
    two = "Adm No,Name\na2302,Amani Changed\nA3001,Asha Noor\n"
    assert bring(two).counts == {"rows": 2, "create": 1, "update": 0, "skip": 1, "wrong": 0, "filtered": 0}
    run = import_(two, mode="update")
    assert (run.count("create"), run.count("update"), run.count("skip")) == (0, 1, 1)
    amani = Student.objects.get(admission_number="A2302")
    assert (amani.first_name, amani.middle_name, amani.last_name) == ("Amani", "Wekesa", "Changed")
    assert import_(two, mode="both").count("create") == 1


def test_only_the_rows_that_the_filter_lets_through(import_: Bring) -> None:
    run = import_("Adm No,Name,school\nA3001,Ann,GP\nA3002,Tom,MS\nA3003,Lee,gp\n", only=("school", "GP"))
    assert (run.count("create"), run.count("filtered")) == (2, 1)


def test_numbers_by_a_pattern_and_students_without_names(import_: Bring) -> None:
    import_(
        "sex,Group\nF,B\nM,C\n", mapping={"sex": "sex"},
        options={"people": {"pattern": "X{Group}-{row}", "anonymous": True}},
    )  # fmt: skip
    found = Student.objects.filter(first_name__startswith="X").order_by("first_name")
    assert list(found.values_list("first_name", "sex")) == [
        ("XB-0001", "F"),
        ("XC-0002", "M"),
    ]


def test_a_class_that_is_not_there_is_opened_only_when_asked_for(bring: Bring, import_: Bring) -> None:
    content = "Adm No,Name,Class\nA3001,Ann,Grade 5 North\nA3002,Tom,Grade 5 North\n"
    assert problems(bring(content))[0] == (2, "Class", "There is no class Grade 5 North this year.")
    import_(content, options={"academics": {"create_classes": True}})
    assert Enrolment.objects.filter(school_class__name="Grade 5 North").count() == 2


def test_a_full_class_takes_no_more(import_: Bring, cast: Cast) -> None:
    academics.change_class(school_class=cast.mwangaza.west, capacity=2, by=None, at=clock.now())
    run = import_("Adm No,Name,Class\nA3001,Ann,Grade 6 West\nA3002,Tom,Grade 6 West\n")
    assert problems(run) == [(3, "Class", "Grade 6 West is full: 2 places.")]
    assert Enrolment.objects.filter(school_class=cast.mwangaza.west, ends_on=None).count() == 2


def marks_of(cast: Cast, paper: Assessment, content: str, through: Bring, **more: Any) -> Run:
    mapping = {"admission_number": "Adm No", "first_name": "Name", f"mark:{paper.pk}": "Opener"}
    options = {"academics": {"school_class": str(cast.mwangaza.east.pk)}}
    return through(content, mapping=mapping, options=options, **more)


def test_marks_come_in_and_are_held_to_the_maximum(import_: Bring, cast: Cast, paper: Assessment) -> None:
    run = marks_of(
        cast, paper, "Adm No,Name,Opener\nA3001,Ann,41.5\nA3002,Tom,51\nA3003,Lee,AB\nA3004,Kim,x\n", import_
    )
    assert problems(run) == [
        (3, "Opener", "51 is more than 50. Type 0 to 50, or AB for absent."),
        (5, "Opener", "x is not a mark. Type 0 to 50, or AB for absent."),
    ]
    rows = Mark.objects.order_by("student__admission_number").values_list("student__first_name", "score", "is_absent")
    assert list(rows) == [("Ann", Decimal("41.50"), False), ("Lee", None, True)]


def test_undo_restores_exactly(import_: Bring, undo: Undo, cast: Cast, paper: Assessment) -> None:
    marks_of(cast, paper, "Adm No,Name,Opener\nA2302,Amani,30\n", import_, mode="update")
    before = everything()
    run = import_(ROLL + "A2302,Amani Changed,M,,Grade 6 West,7,New Person,0733000222,aunt or uncle\n", mode="both")
    assert (run.count("create"), run.count("update")) == (3, 1)
    assert everything() != before
    run = undo(run)
    assert (run.state, run.reason) == ("undone", "")
    assert everything() == before
    with pytest.raises(Conflict, match=r"Only an import that is done can be undone\."):
        services.ask_undo(run=run, by=None, at=clock.now())


def test_undo_is_refused_when_a_mark_was_changed_later(
    import_: Bring, undo: Undo, cast: Cast, paper: Assessment
) -> None:
    run = marks_of(cast, paper, "Adm No,Name,Opener\nA3001,Ann,41\n", import_)
    ann = Student.objects.get(admission_number="A3001")
    entries: list[assessment.Entry] = [{"student": ann.pk, "score": 42}]
    assessment.enter_marks(assessment=paper, entries=entries, by=None, at=clock.now())
    before = everything()
    run = undo(run)
    assert (run.state, run.reason) == ("done", "Mark “Ann 42.00” was changed later.")
    assert everything() == before


def test_undo_is_refused_when_something_new_depends_on_it(import_: Bring, undo: Undo, cast: Cast) -> None:
    run = import_("Adm No,Name\nA3001,Ann\n")
    ann = Student.objects.get(admission_number="A3001")
    people.link(student=ann, guardian=cast.mwangaza.rose, relationship="mother", by=None, at=clock.now())
    run = undo(run)
    assert run.state == "done"
    assert "came later and depends on it (student)." in run.reason
    assert Student.objects.filter(pk=ann.pk).exists()


def test_undo_is_refused_when_marks_were_handed_in(import_: Bring, undo: Undo, cast: Cast, paper: Assessment) -> None:
    run = marks_of(cast, paper, "Adm No,Name,Opener\nA3001,Ann,41\n", import_)
    assessment.close(assessment=paper, by=None, at=clock.now())
    assert undo(run).reason == "Opener Mathematics was handed in after the import. Reopen it first."


def test_undo_ends_after_thirty_days(import_: Bring) -> None:
    run = import_("Adm No,Name\nA3001,Ann\n")
    with pytest.raises(Conflict, match=r"The time to undo this import is over\."):
        services.ask_undo(run=run, by=None, at=clock.now() + timedelta(days=31))


def test_a_killed_batch_leaves_its_progress_and_nothing_doubles(
    bring: Bring, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BATCH", 2)
    run = bring("Adm No,Name\n" + "".join(f"A30{n:02d},Child\n" for n in range(7)))
    services.start(run=run, by=cast.mwangaza.head, at=clock.now(), in_background=False)
    real, seen = engine._process, []

    def dies_in_the_third(work: Any, some: Any) -> Any:
        done = real(work, some)
        seen.append(len(some))
        if len(seen) == 3:
            raise SystemExit("killed")
        return done

    monkeypatch.setattr(engine, "_process", dies_in_the_third)
    with pytest.raises(SystemExit):
        engine.carry_out(run_id=str(run.pk), at=clock.now())
    run.refresh_from_db()
    assert (run.state, run.position, run.count("create")) == ("importing", 4, 4)
    assert engine.progress(run) == (4, 7)
    assert Student.objects.filter(admission_number__startswith="A30").count() == 4
    monkeypatch.setattr(engine, "_process", real)
    engine.carry_out(run_id=str(run.pk), at=clock.now())
    run.refresh_from_db()
    assert (run.state, run.position, run.count("create"), run.count("skip")) == ("done", 7, 7, 0)
    assert Student.objects.filter(admission_number__startswith="A30").count() == 7
    assert run.changes.count() == 7
    engine.carry_out(run_id=str(run.pk), at=clock.now())
    assert Student.objects.filter(admission_number__startswith="A30").count() == 7


def test_a_long_import_asks_for_its_rest_as_another_job(
    bring: Bring, cast: Cast, run_jobs: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BATCH", 2)
    run = bring("Adm No,Name\n" + "".join(f"A30{n:02d},Child\n" for n in range(5)))
    services.start(run=run, by=cast.mwangaza.head, at=clock.now(), in_background=False)
    engine.carry_out(run_id=str(run.pk), at=clock.now(), seconds=0)
    run.refresh_from_db()
    assert (run.state, run.position) == ("importing", 2)
    assert run_jobs() == ["imports.carry_out"]
    run.refresh_from_db()
    assert run.state == "done"


def test_what_a_row_would_break_is_found_row_by_row(import_: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody takes a number between the look and the write: the database refuses that row alone."""
    from schools.people.importing import roll

    real = roll.prepare

    def without_looking(batch: Any) -> None:
        real(batch)
        for row in batch.rows:
            if row.number == 3:
                row.found["student"].admission_key = "A2302"

    from schools.imports import registry

    part = registry.get("roll").parts["people"]
    monkeypatch.setitem(
        registry.get("roll").parts, "people",
        registry.Part(part.key, part.label, part.fields, without_looking, part.write, part.order,
                      needs=part.needs, survey=part.survey),
    )  # fmt: skip
    run = import_("Adm No,Name\nA3001,Ann\nA3002,Tom\nA3003,Lee\n")
    assert problems(run) == [(3, "", "Another student has this admission number.")]
    assert (run.count("create"), run.count("wrong")) == (2, 1)


def test_seven_hundred_rows_come_in_within_ten_seconds(import_: Bring) -> None:
    head = "Adm No,Name,Sex,Class,Absences,Parent,Phone\n"
    rows = "".join(f"B{n:04d},Child {n},F,Grade 6 East,{n % 30},Parent,07{n:08d}\n" for n in range(772))
    started = time.process_time()
    run = import_(head + rows)
    assert run.count("create") == 772
    assert time.process_time() - started < 10


NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Sm"]), min_size=1, max_size=20)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=6))
def test_what_the_template_holds_comes_in_as_it_was_written(
    bring: Bring, cast: Cast, rows: list[tuple[str, str]]
) -> None:
    from schools.imports import registry
    from schools.imports.reading import text
    from schools.imports.rows import values
    from web import csvfile

    fields = registry.get("roll").fields({})
    head = [str(field.label) for field in fields.values()]
    lines = [
        [
            text.safe({"admission_number": f"Z{n}", "first_name": first, "last_name": last}.get(key, ""))
            for key in fields
        ]
        for n, (first, last) in enumerate(rows)
    ]
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows([head, *lines])
    run = bring((csvfile.BOM + out.getvalue()).encode())
    got = [(row.values["first_name"], row.values["last_name"]) for row in values(run)]
    assert got == rows
    assert Problem.objects.filter(run=run).count() == 0
