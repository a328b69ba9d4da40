"""What guardians may do for a child, what a court forbids, who pays how much, and who lives with whom."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from audit.models import Entry
from core import clock
from core.errors import DomainError
from schools.people import queries, services
from schools.people.models import Guardian, Guardianship, Household, Student
from schools.records import services as records
from schools.records.models import Consent, Look
from tenants import context
from tests.cast import Cast, Company

Browse = Callable[..., Client]


def tie_of(ours: Company) -> Guardianship:
    return Guardianship.objects.get(student=ours.amani, guardian=ours.rose)


@pytest.mark.parametrize(
    ("begins", "ends", "stands"), [(0, None, True), (-5, 0, True), (-5, 5, True), (-5, -1, False), (1, None, False)]
)
def test_a_restriction_stands_from_its_first_day_to_its_last(
    cast: Cast, begins: int, ends: int | None, stands: bool
) -> None:
    ours, today = cast.mwangaza, clock.today()
    with context.in_school(ours.school):
        tie = services.restrict(
            guardianship=tie_of(ours), restricted_from=today + timedelta(days=begins),
            restricted_until=None if ends is None else today + timedelta(days=ends), restriction="Case 12 of 2026",
            by=ours.head, at=clock.now(),
        )  # fmt: skip
        assert (tie.is_restricted, tie.sees_portal_now, tie.may_collect_now, tie.gets_messages_now) == (
            stands, not stands, not stands, not stands,
        )  # fmt: skip
        in_force = Guardianship.objects.filter(queries.unrestricted(today), pk=tie.pk).exists()
        assert in_force is not stands
        seen = {student.first_name for student in queries.visible_to(ours.guardian)}
        assert seen == ({"Zawadi"} if stands else {"Amani", "Zawadi"})


def test_a_restricted_guardian_meets_the_child_on_no_page_and_answers_for_it_no_more(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        document = records.add_document(
            person=ours.amani, kind="birth_certificate", name="", content=b"%PDF-1.7 x", by=None, at=clock.now()
        )
    rose = browse(ours.guardian)
    paths = [
        f"/students/{ours.amani.pk}/", f"/students/{ours.amani.pk}/consent/", f"/marks/students/{ours.amani.pk}/",
        f"/records/documents/{document.pk}/file/", f"/api/v1/students/{ours.amani.pk}/",
    ]  # fmt: skip
    before = [rose.get(path).status_code for path in paths]
    assert before[0] == before[3] == before[4] == 200
    registrar = browse(ours.registrar)
    address = f"/guardianships/{tie_id(ours)}/restriction/"
    assert registrar.post(address, {"restricted_from": "2026-01-05", "restriction": ""}).status_code == 400
    form = {"restricted_from": "2026-01-05", "restriction": "Nakuru Children's Court, case 12 of 2026"}
    assert registrar.post(address, form).status_code == 302
    assert {rose.get(path).status_code for path in paths} == {404}
    assert "Amani" not in rose.get("/").content.decode()
    rose.post(f"/records/students/{ours.amani.pk}/consent/", {"purpose": "photo_public", "given": "yes"})
    with context.in_school(ours.school):
        assert not Consent.objects.exists()
        assert Entry.objects.get(action="guardianship.restricted").changes["restricted_from"] == [None, "2026-01-05"]
    registrar.post(address, {"lift": "1"})
    assert [rose.get(path).status_code for path in paths] == before


def tie_id(ours: Company) -> str:
    with context.in_school(ours.school):
        return str(tie_of(ours).pk)


def test_the_court_s_words_are_read_by_the_office_alone_and_each_look_is_noted(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        services.restrict(
            guardianship=tie_of(ours), restricted_from=date(2026, 1, 5), restricted_until=None,
            restriction="Case 12 of 2026", by=ours.head, at=clock.now(),
        )  # fmt: skip
    for person in (ours.teacher, ours.bursar, ours.student):
        page = browse(person).get(f"/students/{ours.amani.pk}/").content.decode()
        assert "Court restriction" not in page and "Case 12" not in page
    assert "May not collect" in browse(ours.teacher).get(f"/students/{ours.amani.pk}/").content.decode()
    head = browse(ours.head)
    assert "Court restriction" in head.get(f"/students/{ours.amani.pk}/").content.decode()
    assert "Case 12 of 2026" in head.get(f"/guardianships/{tie_id(ours)}/restriction/").content.decode()
    with context.in_school(ours.school):
        assert [(look.name, look.groups) for look in Look.objects.all()] == [("Jane Njeri", ["restriction"])]


def test_the_guardians_of_a_child_pay_at_most_the_whole(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school):
        services.change_rights(guardianship=tie_of(ours), fee_share=60, by=None, at=at)
        uncle = services.add_guardian(first_name="Isaac", by=None, at=at)
        with pytest.raises(DomainError) as wrong:
            services.link(student=ours.amani, guardian=uncle, fee_share=41, by=None, at=at)
        assert list(wrong.value.errors) == ["fee_share"]
        assert not Guardianship.objects.filter(guardian=uncle).exists()
        assert services.link(student=ours.amani, guardian=uncle, fee_share=40, by=None, at=at).fee_share == 40
        with pytest.raises(DomainError):
            services.change_rights(guardianship=tie_of(ours), fee_share=101, by=None, at=at)
        assert tie_of(ours).fee_share == 60


def test_a_household_is_found_by_who_lives_there_and_people_move_in_and_out(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    registrar = browse(ours.registrar)
    for words, found in (("zawadi", True), ("nakuru", True), ("Rose", True), ("brian", False)):
        page = registrar.get(f"/households/?q={words}").content.decode()
        assert (f"/households/{ours.household.pk}/" in page) is found, words
    address = f"/households/{ours.household.pk}/"
    page = registrar.get(f"{address}?q=brian").content.decode()
    assert all(name in page for name in ("Amani Barasa", "Zawadi Barasa", "Rose Barasa", "Brian Otieno"))
    registrar.post(f"{address}students/{ours.brian.pk}/")
    registrar.post(f"{address}students/{ours.zawadi.pk}/", {"leave": "1"})
    registrar.post(f"{address}guardians/{ours.rose.pk}/", {"leave": "1"})
    with context.in_school(ours.school):
        home = Household.objects.get(pk=ours.household.pk)
        assert {s.first_name for s in home.students.all()} == {"Amani", "Brian"}
        assert not Guardian.objects.filter(household=home).exists()
        assert Student.objects.get(pk=ours.zawadi.pk).household is None
    overview = registrar.get(f"/students/{ours.amani.pk}/").content.decode()
    assert "Brothers and sisters" in overview and "Brian Otieno" in overview
    head, *rest = registrar.get("/lists/households.csv").content.decode().splitlines()
    assert "Household" in head and [line for line in rest if "Amani Barasa, Brian Otieno" in line]
