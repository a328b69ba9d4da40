"""Programs read and write what the office does: families, numbers, consents, alerts, the calendar, leave."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from core import clock
from schools.leaves.models import LeaveType
from schools.people import services as people
from schools.people.models import Guardianship
from schools.records.models import Consent
from tenants import context
from tests.cast import Cast, Company
from tests.permissions import objects

Browse = Callable[..., Client]


def send(client: Client, method: str, path: str, body: dict[str, Any], **headers: str) -> Any:
    sent = client.post if method == "POST" else client.patch
    return sent(path, body, content_type="application/json", headers=headers)


def made(ours: Company) -> dict[str, str]:
    found = objects.make(ours)
    with context.in_school(ours.school):
        found["kind"] = str(LeaveType.objects.get(name="Annual leave").pk)
    return found


BODIES: dict[str, Callable[[Company, dict[str, str]], dict[str, Any]]] = {
    "grade-levels": lambda o, n: {"name": "Grade 13", "code": "G13", "order": 900},
    "streams": lambda o, n: {"name": "Violet"},
    "holidays": lambda o, n: {"name": "Sports day", "starts_on": "2026-06-19", "ends_on": "2026-06-19"},
    "households": lambda o, n: {"name": "Otieno family", "town": "Kisumu", "phone": "0711 222 333"},
    "guardianships": lambda o, n: {"student": str(o.brian.pk), "guardian": str(o.rose.pk), "fee_share": 40},
    "student-identifiers": lambda o, n: {"student": str(o.brian.pk), "type": "passport", "value": "AK 001"},
    "consents": lambda o, n: {
        "student": str(o.zawadi.pk), "guardian": str(o.rose.pk), "purpose": "photo_public", "given": False,
    },
    "alerts": lambda o, n: {
        "student": str(o.amani.pk), "text": "Collected by bus", "severity": "info", "audience": "staff",
    },
    "announcements": lambda o, n: {
        "title": "Sports day", "body": "Wear the house colours.", "until_day": "2030-06-19", "must_confirm": True,
        "audience": [{"key": "class", "value": str(o.east.pk)}], "readers": ["guardians", "students"],
    },
    "leave-requests": lambda o, n: {
        "staff": str(o.other_staff.pk), "type": n["kind"], "starts_on": "2099-06-01", "ends_on": "2099-06-02",
    },
}  # fmt: skip


@pytest.mark.parametrize("resource", BODIES)
def test_a_row_is_made_once_and_read_back_as_it_was_answered(
    cast: Cast, office: Client, browse: Browse, resource: str
) -> None:
    ours = cast.mwangaza
    body, path, key = BODIES[resource](ours, made(ours)), f"/api/v1/{resource}/", uuid.uuid4().hex
    before = office.get(f"{path}?count=true").json()["count"]
    first = send(office, "POST", path, body, **{"Idempotency-Key": key})
    assert first.status_code == 201, first.content
    again = send(office, "POST", path, body, **{"Idempotency-Key": key})
    assert (again.status_code, again.json()) == (201, first.json())
    assert office.get(f"{path}?count=true").json()["count"] == before + 1
    assert office.get(first["Location"]).json() == first.json()
    unknown = send(office, "POST", path, {**body, "colour": "red"})
    assert (unknown.status_code, "colour" in unknown.json()["errors"]) == (400, True)
    refused = browse(ours.guardian).post(path, body, content_type="application/json")
    assert refused.status_code == 403
    theirs = browse(cast.baraka.head).get(f"{path}{first.json()['id']}/")
    assert theirs.status_code == 404


@pytest.mark.parametrize(
    ("resource", "name", "body", "field"),
    [
        ("academic-years", "year", {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}, "starts_on"),
        ("grade-levels", "level", {"name": "Grade Six"}, "name"),
        ("streams", "stream", {"name": "Eastern"}, "name"),
        ("households", "household", {"town": "Gilgil"}, "town"),
        ("guardianships", "guardianship", {"may_collect": False}, "may_collect"),
        ("student-identifiers", "number", {"verified": True}, "verified"),
    ],
)
def test_a_row_is_changed_by_whoever_saw_it_as_it_is(
    cast: Cast, office: Client, resource: str, name: str, body: dict[str, Any], field: str
) -> None:
    path = f"/api/v1/{resource}/{objects.make(cast.mwangaza)[name]}/"
    tag = office.get(path)["ETag"]
    changed = send(office, "PATCH", path, body, **{"If-Match": tag})
    assert (changed.status_code, changed.json()[field]) == (200, body[field]), changed.content
    assert send(office, "PATCH", path, {}, **{"If-Match": tag}).status_code in (400, 412)
    late = send(office, "PATCH", path, body, **{"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "stale")


def test_rights_that_a_court_took_away_read_false_and_why_is_told_nowhere(cast: Cast, office: Client) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        tie = Guardianship.objects.get(student=ours.amani)
        people.restrict(
            guardianship=tie, restricted_from=date(2026, 1, 5), restricted_until=None, restriction="Case 12 of 2026",
            by=None, at=clock.now(),
        )  # fmt: skip
    answer = office.get(f"/api/v1/guardianships/{tie.pk}/")
    told = answer.json()
    assert (told["sees_portal"], told["may_collect"], told["gets_messages"]) == (False, False, False)
    assert "Case 12" not in answer.content.decode() and "restrict" not in answer.content.decode()


def test_numbers_are_found_without_minding_case_and_spaces(cast: Cast, office: Client) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        people.add_identifier(student=ours.brian, type="upi", value="KE-7 7a", by=None, at=clock.now())
    found = office.get("/api/v1/student-identifiers/?value=ke77A").json()["results"]
    assert [(row["student"]["name"], row["value"]) for row in found] == [("Brian Otieno", "KE-7 7a")]


def test_a_teacher_asks_for_leave_for_themselves_alone(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    names = made(ours)
    teacher = browse(ours.teacher)
    body = {"type": names["kind"], "starts_on": "2099-07-01", "ends_on": "2099-07-02"}
    own = send(teacher, "POST", "/api/v1/leave-requests/", {**body, "staff": str(ours.teacher_staff.pk)})
    assert (own.status_code, own.json()["days"], own.json()["state"]) == (201, 2, "asked")
    other = send(teacher, "POST", "/api/v1/leave-requests/", {**body, "staff": str(ours.other_staff.pk)})
    assert (other.status_code, list(other.json()["errors"])) == (400, ["staff"])


def test_an_answer_to_a_purpose_is_a_row_and_the_same_again_is_none(cast: Cast, office: Client) -> None:
    ours = cast.mwangaza
    body = {"student": str(ours.amani.pk), "guardian": str(ours.rose.pk), "purpose": "photo_school", "given": True}
    first = send(office, "POST", "/api/v1/consents/", body)
    assert send(office, "POST", "/api/v1/consents/", body).json()["id"] == first.json()["id"]
    with context.in_school(ours.school):
        assert Consent.objects.count() == 1
