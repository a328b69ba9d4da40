"""What was done to many records at once is taken back as a whole, or stays as a whole."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from audit.models import Entry
from core import clock, errors
from schools.academics import services as academics
from schools.academics.models import Enrolment, TeachingGroup
from schools.bulk import services
from schools.bulk.choices import State
from schools.bulk.ledger import snapshots
from schools.bulk.models import Action
from schools.people import services as people
from schools.people.models import Guardianship, Student
from tenants import context
from tests.cast import Cast

Browse = Callable[..., Client]
ON = date(2026, 6, 15)


def chosen(cast: Cast) -> dict[str, list[str]]:
    return {"chosen": [str(cast.mwangaza.amani.pk), str(cast.mwangaza.brian.pk)]}


def standing() -> dict[str, object]:
    return {
        model.__name__: snapshots(model, list(model.objects.values_list("pk", flat=True)))
        for model in (Student, Enrolment, TeachingGroup, Guardianship)
    }


def test_a_move_of_two_students_is_in_the_history_and_one_press_takes_both_back(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        before = standing()
    registrar = browse(ours.registrar)
    registrar.post("/classes/move/", {**chosen(cast), "school_class": ours.west.pk, "on": "2026-06-15"})
    with context.in_school(ours.school):
        action = Action.objects.get()
        assert (action.said, action.counts) == (
            "2 students moved to Grade 6 West", {"created": 2, "changed": 2, "removed": 0},
        )  # fmt: skip
        assert standing() != before
    page = registrar.get("/bulk/")
    assert "2 students moved to Grade 6 West" in page.content.decode()
    answer = registrar.post(f"/bulk/{action.pk}/undo/", follow=True)
    assert "Undone. Everything is as before." in answer.content.decode()
    with context.in_school(ours.school):
        assert standing() == before
        assert Entry.objects.filter(action__in=["bulk.done", "bulk.undone"]).count() == 2
    again = registrar.post(f"/bulk/{action.pk}/undo/", follow=True)
    assert "This is undone already" in again.content.decode()


def test_undoing_is_refused_with_the_names_of_what_was_changed_later(cast: Cast, browse: Browse) -> None:
    ours, at = cast.mwangaza, clock.now()
    registrar = browse(ours.registrar)
    registrar.post("/students/change/", {**chosen(cast), "boarding": "boarder"})
    with context.in_school(ours.school):
        people.change_student(student=ours.amani, first_name="Amina", by=ours.head, at=at)
        action, before = Action.objects.get(), standing()
    page = registrar.post(f"/bulk/{action.pk}/undo/", follow=True).content.decode()
    assert "Student “Amina Barasa” was changed later." in page
    with context.in_school(ours.school):
        assert standing() == before
        assert Action.objects.get().state == State.DONE


def test_a_refusal_of_one_student_leaves_all_as_they_were_and_no_line_in_the_history(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        before = standing()
    answer = browse(ours.registrar).post("/classes/leave/", {**chosen(cast), "exit_code": "left", "on": "2025-12-01"})
    assert answer.status_code == 400
    assert "The student joined the class on" in answer.content.decode()
    with context.in_school(ours.school):
        assert standing() == before
        assert not Action.objects.exists()


def test_members_of_a_group_and_students_who_left_come_back(cast: Cast, browse: Browse) -> None:
    ours, at = cast.mwangaza, clock.now()
    registrar = browse(ours.registrar)
    with context.in_school(ours.school):
        club = academics.open_teaching_group(
            year=ours.year, subject=ours.maths, name="Chess", members=[ours.zawadi], by=ours.head, at=at
        )
        before = standing()
    registrar.post("/teaching-groups/join/", {**chosen(cast), "group": club.pk})
    registrar.post("/classes/leave/", {**chosen(cast), "exit_code": "transfer_out", "on": "2026-06-15"})
    with context.in_school(ours.school):
        assert club.members.count() == 3
        assert Student.objects.filter(status="left").count() == 2
        for action in Action.objects.order_by("-done_at"):
            services.ask_undo(action=action, by=ours.head, at=at)
        assert standing() == before


def test_what_was_removed_is_written_again_under_its_own_id(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school):
        before = standing()
        ties = list(Guardianship.objects.all())
        with services.recorded(kind="people.untie", said="2 guardians untied", by=ours.head, at=at) as ledger:
            ledger.removing(Guardianship, [tie.pk for tie in ties])
            for tie in ties:
                people.unlink(guardianship=tie, by=ours.head, at=at)
        action = Action.objects.get()
        assert action.counts == {"created": 0, "changed": 0, "removed": 2}
        services.ask_undo(action=action, by=ours.head, at=at)
        assert standing() == before


def test_after_thirty_days_an_act_stays(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school):
        academics.move_all(students=[ours.amani], school_class=ours.west, on=ON, by=ours.head, at=at)
        action = Action.objects.get()
        with pytest.raises(errors.Conflict, match="The time to undo this is over"):
            services.ask_undo(action=action, by=ours.head, at=at + timedelta(days=30, seconds=1))
        assert Action.objects.get().state == State.DONE
