"""The calendar and the ladder are the school's own: opened, changed, and taken back while nothing was built on them."""

from collections.abc import Callable
from datetime import date

from django.test import Client

from schools.academics.models import AcademicYear, GradeLevel, Holiday, SchoolClass, Stream
from schools.bulk.models import Action
from tenants import context
from tests.cast import Cast

Browse = Callable[..., Client]
NEXT = {
    "name": "2027", "starts_on": "2027-01-04", "ends_on": "2027-12-31", "opens_1": "2027-01-04",
    "closes_1": "2027-04-02", "half_from_1": "2027-02-24", "half_to_1": "2027-02-28", "opens_2": "2027-04-26",
    "closes_2": "2027-07-30",
}  # fmt: skip


def test_the_next_year_is_proposed_from_the_countrys_calendar_and_opens_with_the_terms_given(
    cast: Cast, browse: Browse
) -> None:
    registrar = browse(cast.mwangaza.registrar)
    assert 'name="opens_3"' in registrar.get("/years/open/").content.decode()
    assert registrar.post("/years/open/", NEXT).status_code == 302
    with context.in_school(cast.mwangaza.school):
        year = AcademicYear.objects.get(name="2027")
        assert [(t.name, t.starts_on, t.half_term_ends_on) for t in year.terms.all()] == [
            ("Term 1", date(2027, 1, 4), date(2027, 2, 28)), ("Term 2", date(2027, 4, 26), None),
        ]  # fmt: skip


def test_a_term_with_one_day_only_or_a_year_over_another_is_refused_by_its_field(cast: Cast, browse: Browse) -> None:
    registrar = browse(cast.mwangaza.registrar)
    one = registrar.post("/years/open/", {**NEXT, "closes_2": ""})
    assert one.status_code == 400 and "A term needs both its first and its last day." in one.content.decode()
    over = registrar.post("/years/open/", {**NEXT, "starts_on": "2026-10-01", "ends_on": "2027-12-31"})
    assert over.status_code == 400 and "These dates overlap the year 2026." in over.content.decode()
    with context.in_school(cast.mwangaza.school):
        assert not AcademicYear.objects.filter(name="2027").exists()


def test_classes_open_like_those_of_the_year_before_once_and_one_press_takes_them_back(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    registrar = browse(ours.registrar)
    registrar.post("/years/open/", NEXT)
    with context.in_school(ours.school):
        year = AcademicYear.objects.get(name="2027")
    for _again in range(2):
        registrar.post(f"/years/{year.pk}/classes-like/{ours.year.pk}/")
        with context.in_school(ours.school):
            opened = [(c.name, str(c.class_teacher)) for c in SchoolClass.objects.filter(year=year)]
            assert opened == [("Grade 6 East", "Wanjiru Kamau"), ("Grade 6 West", "Peter Otieno")]
    with context.in_school(ours.school):
        action = Action.objects.get()
    assert registrar.post(f"/years/{year.pk}/drop/", follow=True).content.decode().count("2027 is in use and stays.")
    registrar.post(f"/bulk/{action.pk}/undo/")
    registrar.post(f"/years/{year.pk}/drop/")
    with context.in_school(ours.school):
        assert not AcademicYear.objects.filter(name="2027").exists()


def test_a_holiday_closes_the_school_and_opens_it_again(cast: Cast, browse: Browse) -> None:
    registrar = browse(cast.mwangaza.registrar)
    facts = {"name": "Fair", "starts_on": "2026-06-18", "ends_on": "2026-06-17"}
    refused = registrar.post("/holidays/add/", facts)
    assert refused.status_code == 400 and "The last day is before the first." in refused.content.decode()
    registrar.post("/holidays/add/", {**facts, "ends_on": "2026-06-19"})
    with context.in_school(cast.mwangaza.school):
        fair = Holiday.objects.get(name="Fair")
    registrar.post(f"/holidays/{fair.pk}/remove/")
    with context.in_school(cast.mwangaza.school):
        assert not Holiday.objects.filter(name="Fair").exists()


def test_the_ladder_is_any_countrys_and_a_step_in_use_stays(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    registrar = browse(ours.registrar)
    facts = {"name": "Year 7", "code": "Y7", "order": 700, "curriculum": "igcse"}
    assert registrar.post("/ladder/levels/add/", facts).status_code == 302
    taken = registrar.post("/ladder/levels/add/", {**facts, "order": 701})
    assert taken.status_code == 400 and "Another grade level has this code." in taken.content.decode()
    with context.in_school(ours.school):
        level = GradeLevel.objects.get(code="Y7")
    registrar.post(f"/ladder/levels/{level.pk}/", {**facts, "name": "Seventh year"})
    registrar.post("/ladder/streams/add/", {"name": "North", "order": 5})
    with context.in_school(ours.school):
        assert GradeLevel.objects.get(code="Y7").name == "Seventh year"
        north = Stream.objects.get(name="North")
    registrar.post(f"/ladder/streams/{north.pk}/remove/")
    registrar.post(f"/ladder/levels/{level.pk}/remove/")
    stays = registrar.post(f"/ladder/levels/{ours.east.grade_level_id}/remove/", follow=True).content.decode()
    assert "Grade 6 is in use and stays." in stays
    with context.in_school(ours.school):
        assert not GradeLevel.objects.filter(code="Y7").exists() and not Stream.objects.filter(name="North").exists()
        assert GradeLevel.objects.filter(pk=ours.east.grade_level_id).exists()
