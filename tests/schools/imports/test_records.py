"""Every kind of list comes in from a file: guardians, staff, subjects, classes, groups, and who is in which class."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from core import errors
from schools.academics.models import Enrolment, SchoolClass, Stream, Subject, TeachingGroup
from schools.imports import limits, registry, services
from schools.imports.models import Run
from schools.people.models import Guardian, Guardianship, Staff, Student
from tenants import context
from tenants.models import School
from tests.cast import Cast

Bring = Callable[..., Run]
Browse = Callable[..., Client]
KINDS = ["roll", "guardians", "staff", "subjects", "classes", "enrolments", "teaching-groups"]


def problems(run: Run) -> list[tuple[int, str, str]]:
    return list(run.problems.order_by("row", "column").values_list("row", "column", "message"))


def test_there_is_an_importer_for_every_list() -> None:
    assert [one.key for one in registry.every()] == KINDS


def test_guardians_come_in_with_their_children_and_those_who_are_known_are_changed(
    cast: Cast, import_: Bring, undo: Callable[[Run], Run]
) -> None:
    ours = cast.mwangaza
    before = (Guardian.objects.count(), Guardianship.objects.count(), ours.rose.email)
    number = Student.objects.get(pk=ours.brian.pk).admission_number
    run = import_(
        "Phone,Name,E-mail,Children,Relationship\n"
        "0722 418 093,Rose Barasa,rose@new.example,A2302,mother\n"
        f"0711 000 222,Grace A Otieno,,{number.lower()},mother\n",
        importer="guardians", mode="both",
    )  # fmt: skip
    assert (run.state, run.count("create"), run.count("update"), run.count("wrong")) == ("done", 1, 1, 0)
    grace = Guardian.objects.get(first_name="Grace")
    assert (grace.phone, grace.middle_name, grace.last_name) == ("+254711000222", "A", "Otieno")
    assert [tie.student for tie in grace.guardianships.all()] == [ours.brian]
    assert Guardian.objects.get(pk=ours.rose.pk).email == "rose@new.example"
    undo(run)
    rose = Guardian.objects.get(pk=ours.rose.pk)
    assert (Guardian.objects.count(), Guardianship.objects.count(), rose.email) == before


def test_a_child_s_number_without_its_leading_zeros_finds_the_child(cast: Cast, import_: Bring) -> None:
    Student.objects.filter(pk=cast.mwangaza.brian.pk).update(admission_number="B0041", admission_key="B0041")
    import_("Phone,First name,Children\n0711000222,Grace,b-41\n", importer="guardians")
    assert Guardianship.objects.get(guardian__first_name="Grace").student == cast.mwangaza.brian


@pytest.mark.parametrize(
    ("importer", "content", "wrong"),
    [
        ("guardians", "Phone,Name,Children\n12,Ann,\n", [(2, "Phone", "12 is not a phone number.")]),
        ("guardians", "Phone,Name,Children\n0711000222,Ann,Z9\n", [(2, "Children", "There is no student")]),
        ("guardians", "Phone,Name\n,Ann\n", [(2, "Phone", "This says which record it is")]),
        ("staff", "Number,Name\nN1,Ann Kamau\nn-1,Tom Kamau\n", [(3, "Number", "Row 2 is about the same record.")]),
        ("staff", "Number,Name,Status\nN1,Ann Kamau,gone\n", [(2, "Status", "gone is not known here.")]),
        ("subjects", "Code,Name,Place\n900,Weaving,x\n", [(2, "Place", "Write a whole number")]),
        ("classes", "Class,Grade\nZebra,Grade 99\n", [(2, "Grade", "There is no grade level Grade 99.")]),
        ("classes", "Class,Year\nGrade 6 South,1999\n", [(2, "Year", "There is no school year 1999.")]),
        ("classes", "Class,Class teacher\nGrade 6 South,X9\n", [(2, "Class teacher", "Nobody of the staff")]),
        ("enrolments", "Adm,Class\nA2302,Grade 6 North\n", [(2, "Class", "There is no class Grade 6 North")]),
        ("enrolments", "Adm,Class\nZ1,Grade 6 West\n", [(2, "Adm", "There is no student with the number Z1.")]),
        ("teaching-groups", "Group,Subject\nChess,Chess\n", [(2, "Subject", "There is no subject Chess.")]),
        ("teaching-groups", "Group,Subject,Members\nX,CAST-MAT,Z9\n", [(2, "Members", "There is no student")]),
    ],
)
def test_what_a_row_gets_wrong_is_told_with_the_column_and_nothing_comes_in(
    bring: Bring, importer: str, content: str, wrong: list[tuple[int, str, str]]
) -> None:
    run = bring(content, importer=importer, mode="both")
    found = problems(run)
    assert [(row, column) for row, column, _message in found] == [(row, column) for row, column, _words in wrong]
    assert all(words in message for (_r, _c, message), (_row, _column, words) in zip(found, wrong, strict=True))
    assert not Staff.objects.filter(first_name="Tom").exists()


def test_staff_come_in_and_a_list_that_is_whole_ends_those_who_are_not_in_it(
    cast: Cast, bring: Bring, import_: Bring, undo: Callable[[Run], Run]
) -> None:
    before = dict(Staff.objects.values_list("staff_number", "status"))
    keep = [number for number in before if number != cast.mwangaza.other_staff.staff_number]
    content = "Staff no,Name,TSC,Job\n" + "".join(f"{number},,,\n" for number in keep) + "N9,Ann Kamau,7,Cook\n"
    run = bring(content, importer="staff", mode="sync")
    assert (run.count("create"), run.count("ended"), run.count("standing")) == (1, 1, len(before))
    assert run.counts["named"] == [str(cast.mwangaza.other_staff)] and not limits.exceeded(run)
    assert dict(Staff.objects.values_list("staff_number", "status")) == before
    run = import_(content, importer="staff", mode="sync")
    assert Staff.objects.get(pk=cast.mwangaza.other_staff.pk).status == "left"
    assert Staff.objects.get(staff_number="N9").job_title == "Cook"
    undo(run)
    assert dict(Staff.objects.values_list("staff_number", "status")) == before


def test_a_roll_that_would_end_most_of_the_school_is_stopped_until_somebody_types_the_number(
    cast: Cast, bring: Bring, import_: Bring, undo: Callable[[Run], Run]
) -> None:
    ours = cast.mwangaza
    content = "Adm No,Name\nA2302,Amani Wekesa Barasa\n"
    run = bring(content, mode="sync")
    assert (run.count("ended"), run.count("standing"), limits.exceeded(run)) == (2, 3, True)
    assert set(run.counts["named"]) == {"Zawadi Barasa", "Brian Otieno"}
    for typed in (None, 1, 3):
        with pytest.raises(errors.DomainError) as stopped:
            services.start(run=run, confirmed=typed, by=ours.registrar, at=run.checked_at, in_background=False)  # type: ignore[arg-type]
        assert list(stopped.value.errors) == ["confirmed"]
    assert Student.objects.filter(status="enrolled").count() == 3
    run = import_(content, mode="sync", confirmed=2)
    assert {s.first_name: s.status for s in Student.objects.all()} == {
        "Amani": "enrolled", "Zawadi": "left", "Brian": "left",
    }  # fmt: skip
    assert list(Enrolment.objects.filter(ends_on=None).values_list("student", flat=True)) == [ours.amani.pk]
    undo(run)
    assert Student.objects.filter(status="enrolled").count() == 3
    assert Enrolment.objects.filter(ends_on=None).count() == 3


def test_a_list_of_one_class_ends_nobody_of_another_and_a_wrong_row_ends_nobody(cast: Cast, bring: Bring) -> None:
    ours = cast.mwangaza
    options: dict[str, Any] = {"academics": {"school_class": str(ours.east.pk)}}
    run = bring("Adm No,Name\nA2302,Amani Wekesa Barasa\n", mode="sync", options=options)
    assert run.counts["named"] == ["Brian Otieno"]  # Zawadi is in Grade 6 West
    run = bring("Adm No,Name,DOB\nA2302,Amani Barasa,32.13.2015\n", mode="sync")
    with pytest.raises(errors.Conflict):
        services.start(run=run, confirmed=2, by=ours.registrar, at=run.checked_at, in_background=False)  # type: ignore[arg-type]
    with pytest.raises(errors.DomainError):
        bring("Adm No,Name\nA2302,Amani\n", mode="sync", only=("Name", "Amani"))
    with pytest.raises(errors.DomainError):
        bring("Code,Name\n900,Weaving\n", importer="subjects", mode="sync")


def test_subjects_classes_groups_and_enrolments_come_in_and_go_out_again(
    cast: Cast, bring: Bring, import_: Bring, undo: Callable[[Run], Run]
) -> None:
    ours = cast.mwangaza
    runs = [import_("Code,Name,Short name\nWEA,Weaving,Weave\n", importer="subjects")]
    runs.append(import_(
        f"Class,Grade,Stream,Places,Class teacher\nGrade 6 South,,South,40,{ours.teacher_staff.staff_number}\n",
        importer="classes",
    ))  # fmt: skip
    south = SchoolClass.objects.get(name="Grade 6 South")
    assert (south.capacity, south.class_teacher, str(south.stream)) == (40, ours.teacher_staff, "South")
    runs.append(import_("Adm,Class,Since\nA2302,Grade 6 South,2026-06-15\n", importer="enrolments", mode="both",
                        mapping={"admission_number": "Adm", "class": "Class", "on": "Since"}))  # fmt: skip
    assert runs[-1].count("update") == 1
    present = Enrolment.objects.get(student=ours.amani, ends_on=None)
    assert (present.school_class, present.starts_on) == (south, date(2026, 6, 15))
    runs.append(import_(
        f"Group,Subject,Teachers,Members\nWeavers,WEA,{ours.teacher_staff.staff_number};{ours.other_staff.staff_number},"
        "\"A2302\"\n", importer="teaching-groups",
    ))  # fmt: skip
    group = TeachingGroup.objects.get(name="Weavers")
    assert group.teachers.count() == 2 and list(group.members.all()) == [ours.amani]
    again = bring("Group,Members\nWeavers,A2302\n", importer="teaching-groups", mode="both")
    assert (again.count("update"), again.count("skip")) == (0, 1)
    for run in reversed(runs):
        assert undo(run).state == "undone"
    assert not Subject.objects.filter(code="WEA").exists() and not Stream.objects.filter(name="South").exists()
    assert Enrolment.objects.get(student=ours.amani, ends_on=None).school_class == ours.east


def test_the_empty_file_of_every_list_is_a_workbook_that_comes_in_as_it_is_read(
    cast: Cast, browse: Browse, in_mwangaza: Any
) -> None:
    registrar = browse(cast.mwangaza.registrar)
    for kind in KINDS:
        book = registrar.get(f"/imports/templates/{kind}.xlsx")
        sheet: Any = load_workbook(io.BytesIO(book.content)).active
        with context.in_school(cast.mwangaza.school):
            labels = [str(field.label) for field in registry.get(kind).fields({}).values()]
        assert [cell.value for cell in sheet[1]] == labels
        head = registrar.get(f"/imports/templates/{kind}.csv").content.decode("utf-8-sig").splitlines()[0]
        assert labels[0] in head
        assert registrar.get(f"/imports/new/{kind}/").status_code == 200
    offered = [
        rule.formula1
        for rule in load_workbook(
            io.BytesIO(registrar.get("/imports/templates/staff.xlsx").content)
        ).active.data_validations.dataValidation
    ]  # type: ignore[union-attr]
    assert offered == ['"Working,On leave,Left"']
    assert registrar.get("/imports/templates/parrots.csv").status_code == 404
    assert registrar.get("/imports/templates/staff.exe").status_code == 404


def test_the_head_sets_the_limit_and_the_rows_to_correct_are_a_workbook_too(
    cast: Cast, browse: Browse, bring: Bring
) -> None:
    run = bring("Number,Name,Status\nN1,Ann Kamau,gone\n", importer="staff")
    head = browse(cast.mwangaza.head)
    sheet: Any = load_workbook(io.BytesIO(head.get(f"/imports/{run.pk}/problems.xlsx").content)).active
    assert [sheet["A2"].value, sheet["B2"].value, sheet["C2"].value] == [2, "Status", "gone"]
    assert head.post("/imports/limit/", {"percent": "0"}).status_code == 400
    assert head.post("/imports/limit/", {"percent": "50"}).status_code == 302
    assert "more than 20 %" in head.get("/imports/").content.decode()
    with context.in_public():
        assert School.objects.get(slug="mwangaza").facts["import_limit"] == 50
