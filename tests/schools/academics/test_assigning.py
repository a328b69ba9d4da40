"""Who teaches what to a class is said for many subjects at once, and taken back at once."""

from collections.abc import Callable

from django.test import Client

from core import clock
from schools.academics import queries
from schools.academics.models import Subject, TeachingGroup
from schools.bulk import services as bulk
from schools.bulk.models import Action
from tenants import context
from tests.cast import Cast, Company

Browse = Callable[..., Client]


def teachers(ours: Company) -> dict[str, list[str]]:
    return {
        group.subject.code: [one.first_name for one in group.teachers.order_by("first_name")]
        for group in TeachingGroup.objects.filter(school_class=ours.east).select_related("subject")
    }


def test_the_teachers_of_a_class_are_changed_together_and_one_undo_brings_them_back(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        before = teachers(ours)
        english = (
            Subject.objects.exclude(pk=ours.maths.pk).filter(curriculum="cbe", is_active=True).order_by("order")[0]
        )
    registrar = browse(ours.registrar)
    page = registrar.get(f"/assignments/{ours.east.pk}/").content.decode()
    assert f"s-{ours.maths.pk}" in page and f"s-{english.pk}" in page
    form = {f"s-{ours.maths.pk}": ours.other_staff.pk, f"s-{english.pk}": ours.teacher_staff.pk}
    assert "2 subjects changed" in registrar.post(f"/assignments/{ours.east.pk}/", form, follow=True).content.decode()
    with context.in_school(ours.school):
        assert teachers(ours) == {**before, "CAST-MAT": ["Peter"], english.code: ["Wanjiru"]}
    assert registrar.post(f"/assignments/{ours.east.pk}/", {f"s-{ours.maths.pk}": "x"}).status_code == 400
    registrar.post(f"/assignments/{ours.east.pk}/", {})  # what is not sent stays
    table = registrar.get("/assignments/").content.decode()
    assert "Peter Otieno" in table and english.name in table
    with context.in_school(ours.school):
        assert teachers(ours)["CAST-MAT"] == ["Peter"]
        [action] = Action.objects.all()
        assert bulk.ask_undo(action=action, by=ours.head, at=clock.now()).state == "undone"
        assert teachers(ours) == before


def test_a_subject_that_nobody_teaches_stands_out(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    browse(ours.registrar).post(f"/assignments/{ours.east.pk}/", {f"s-{ours.maths.pk}": ""})
    with context.in_school(ours.school):
        table = queries.assignments(ours.year)
        place = [one.pk for one in table.classes].index(ours.east.pk)
        assert {subject.code: cells[place] for subject, cells in table.rows}["CAST-MAT"] == "–"
    assert "nobody" in browse(ours.head).get("/assignments/").content.decode()
