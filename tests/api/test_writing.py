"""Writes through the API: each makes one domain call, all or nothing, and says which field is wrong."""

import threading
from typing import Any

import orjson
import pytest
from django.db import connections
from django.test import Client

from api import scopes
from api.models import Replay
from audit.models import Entry
from core import clock
from identity import accounts
from schools.academics.models import Enrolment
from schools.assessment.models import Mark
from schools.attendance.models import AttendanceMark, Register
from schools.people.models import Student
from tenants import context
from tests.api.conftest import host
from tests.cast import Company, read

JSON = "application/json"
NEW = {"admission_number": "N001", "first_name": "Neema", "last_name": "Wairimu", "sex": "F"}


def send(client: Client, method: str, address: str, body: Any, **headers: str) -> Any:
    """A write with a JSON body."""
    raw = body if isinstance(body, (str, bytes)) else orjson.dumps(body)
    return client.generic(method, address, raw, content_type=JSON, headers=headers)


def test_a_student_is_admitted_into_a_class(office: Client, life: Company) -> None:
    body = {**NEW, "class": str(life.east.pk), "admitted_on": "2026-05-04", "date_of_birth": "2015-02-03"}
    answer = send(office, "POST", "/api/v1/students/", body)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["class"] == {"id": str(life.east.pk), "name": "Grade 6 East"}
    assert (made["first_name"], made["status"], made["date_of_birth"]) == ("Neema", "enrolled", "2015-02-03")
    assert answer["Location"].endswith(f"/api/v1/students/{made['id']}/")
    assert office.get(answer["Location"]).json() == made
    assert office.get(answer["Location"])["ETag"] == answer["ETag"]
    with context.in_school(life.school):
        said = Entry.objects.filter(object_id=made["id"]).order_by("pk").values_list("action", "actor_name")
        assert list(said) == [("student.admitted", "Timetable maker"), ("enrolment.created", "Timetable maker")]


def test_an_admission_that_fails_half_way_leaves_nothing(office: Client, life: Company) -> None:
    answer = send(office, "POST", "/api/v1/students/", {**NEW, "class": str(life.east.pk), "admitted_on": "2020-01-01"})
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == ["admitted_on"]
    with context.in_school(life.school):
        assert not Student.objects.filter(admission_number="N001").exists()


def test_a_student_is_changed_by_whoever_saw_the_row_as_it_is(office: Client, life: Company) -> None:
    address = f"/api/v1/students/{life.amani.pk}/"
    tag = office.get(address)["ETag"]
    first = send(office, "PATCH", address, {"middle_name": "Wafula"}, **{"If-Match": f"W/{tag}"})
    assert first.status_code == 200, first.content
    assert first.json()["middle_name"] == "Wafula"
    late = send(office, "PATCH", address, {"middle_name": "Other"}, **{"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    now = send(office, "PATCH", address, {"middle_name": "Nekesa"}, **{"If-Match": first["ETag"]})
    assert now.json()["middle_name"] == "Nekesa"
    assert send(office, "PATCH", address, {"middle_name": ""}, **{"If-Match": "*"}).status_code == 200


def test_a_taken_number_is_a_conflict_that_names_the_field(office: Client, life: Company) -> None:
    answer = send(office, "POST", "/api/v1/students/", {**NEW, "admission_number": "a 2302"})
    assert (answer.status_code, list(answer.json()["errors"])) == (409, ["admission_number"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**NEW, "colour": "red"}, "colour"),
        ({**NEW, "id": "x"}, "id"),
        ({"first_name": "A"}, "admission_number"),
        ({**NEW, "first_name": ""}, "first_name"),
        ({**NEW, "first_name": 7}, "first_name"),
        ({**NEW, "first_name": None}, "first_name"),
        ({**NEW, "first_name": ["A"]}, "first_name"),
        ({**NEW, "first_name": "A" * 81}, "first_name"),
        ({**NEW, "first_name": "A\0B"}, "first_name"),
        ({**NEW, "first_name": "   "}, "first_name"),
        ({**NEW, "date_of_birth": "2015-02-30"}, "date_of_birth"),
        ({**NEW, "date_of_birth": "02/03/2015"}, "date_of_birth"),
        ({**NEW, "date_of_birth": 20150203}, "date_of_birth"),
        ({**NEW, "date_of_birth": "٢٠١٥-٠٢-٠٣"}, "date_of_birth"),
        ({**NEW, "sex": "X"}, "sex"),
        ({**NEW, "sex": {}}, "sex"),
        ({**NEW, "class": "7"}, "class"),
        ({**NEW, "class": 7}, "class"),
        ({**NEW, "class": {"id": ["x"]}}, "class"),
        ({**NEW, "class": "01936b2e-7c1d-7a40-9f00-3c5a8e2d4b17"}, "class"),
    ],
)
def test_bad_input_is_a_400_that_names_the_field(body: Any, field: str, office: Client, life: Company) -> None:
    answer = send(office, "POST", "/api/v1/students/", body)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [field], answer.content
    with context.in_school(life.school):
        assert Student.objects.count() == 3


@pytest.mark.parametrize(
    "raw",
    [
        b"{", b"null", b"7", b'"x"', b"[1]", b"{]", b"\xff\xfe", b'{"a":NaN}', b'{"a":Infinity}', b'{"a":\x00}',
        b'{"first_name":"\\ud800"}', b"{" * 5000, b"[" * 100_000, b'{"a":' * 2000 + b"1" + b"}" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_json_object_is_a_400(raw: bytes, office: Client, life: Company) -> None:
    answer = send(office, "POST", "/api/v1/students/", raw)
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"]


def test_numbers_out_of_range_are_named(office: Client, life: Company) -> None:
    row = {"name": "Exam", "subject": str(life.maths.pk), "class": str(life.east.pk), "term": str(life.term.pk)}
    for maximum in (10**30, 1e308, -1, 10_000, "50", True, None, 0.001, [50]):
        raw = orjson.dumps({**row, "date": "2026-05-04", "maximum": 0}).decode()
        text = str(maximum) if isinstance(maximum, int) and maximum > 2**63 else orjson.dumps(maximum).decode()
        answer = send(office, "POST", "/api/v1/assessments/", raw.replace('"maximum":0', f'"maximum":{text}'))
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["maximum"]), (maximum, answer.content)


def test_a_register_is_taken_and_added_to(office: Client, life: Company) -> None:
    body = {
        "class": str(life.east.pk),
        "date": "2026-04-28",
        "marks": [{"student": str(life.amani.pk), "code": "A", "reason": "sick"}],
    }
    first = send(office, "POST", "/api/v1/attendance-registers/", body)
    assert first.status_code == 201, first.content
    register = first.json()
    assert (register["status"], register["session"], register["date"]) == ("open", "morning", "2026-04-28")
    assert register["marks"] == [
        {
            "student": {"id": str(life.amani.pk), "name": "Amani Barasa"},
            "code": "A",
            "detail": None,
            "by_office": False,
            "reason": "sick",
            "minutes_late": None,
        }
    ]
    again = send(office, "POST", "/api/v1/attendance-registers/", {**body, "rest_present": True})
    assert (again.status_code, again.json()["id"], again.json()["status"]) == (200, register["id"], "taken")
    address = f"/api/v1/attendance-registers/{register['id']}/"
    as_it_was_read = {"id": str(life.brian.pk), "name": "Brian Otieno"}
    late = {"student": as_it_was_read, "code": "L", "minutes_late": 5}
    changed = send(office, "PATCH", address, {"marks": [late]})
    assert [(m["code"], m["minutes_late"]) for m in changed.json()["marks"]] == [("A", None), ("L", 5)]


def test_a_register_takes_all_marks_or_none_and_names_the_wrong_one(office: Client, life: Company) -> None:
    marks = [
        {"student": str(life.amani.pk), "code": "P"},
        {"student": str(life.zawadi.pk), "code": "P"},
    ]
    body = {"class": str(life.east.pk), "date": "2026-04-28", "marks": marks}
    answer = send(office, "POST", "/api/v1/attendance-registers/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["marks.1"]), answer.content
    wrong = send(office, "POST", "/api/v1/attendance-registers/", {**body, "marks": [{"code": "QQQQQ"}]})
    assert set(wrong.json()["errors"]) == {"marks.0.student", "marks.0.code"}
    unknown = send(office, "POST", "/api/v1/attendance-registers/", {**body, "marks": [{**marks[0], "code": "Q"}]})
    assert (unknown.status_code, list(unknown.json()["errors"])) == (400, ["marks.0"])
    with context.in_school(life.school):
        assert not Register.objects.filter(date="2026-04-28").exists()


def test_a_register_of_a_sunday_is_refused(office: Client, life: Company) -> None:
    body = {"class": str(life.east.pk), "date": "2026-05-03", "marks": []}
    answer = send(office, "POST", "/api/v1/attendance-registers/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_school_day")


def test_a_teacher_takes_the_register_of_their_own_class_alone(life: Company, browse: Any) -> None:
    teacher = browse(life.teacher)
    body = {"class": str(life.east.pk), "date": "2026-04-28", "marks": [{"student": str(life.amani.pk), "code": "P"}]}
    with context.in_school(life.school):
        from schools.academics import queries as academics

        taken = academics.current_year()
    if taken == life.year:
        assert send(teacher, "POST", "/api/v1/attendance-registers/", body).status_code == 201
    other = send(teacher, "POST", "/api/v1/attendance-registers/", {**body, "class": str(life.west.pk), "marks": []})
    assert other.status_code in (400, 403)


def test_marks_are_written_together(office: Client, life: Company) -> None:
    made = send(
        office,
        "POST",
        "/api/v1/assessments/",
        {
            "name": "Mid-term",
            "kind": "mid_term",
            "subject": str(life.maths.pk),
            "class": str(life.east.pk),
            "term": str(life.term.pk),
            "scale": str(life.scale.pk),
            "maximum": 50,
            "date": "2026-06-01",
        },
    )
    assert made.status_code == 201, made.content
    assessment = made.json()
    assert (assessment["maximum"], assessment["status"]) == (50, "open")
    marks = [
        {"student": str(life.amani.pk), "score": 41.5, "remark": "Good"},
        {"student": str(life.brian.pk), "absent": True},
    ]
    answer = send(office, "POST", "/api/v1/marks/", {"assessment": assessment["id"], "marks": marks})
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["changed"] == 2
    found = {
        row["student"]["name"]: (row["score"], row["absent"], row["grade"], row["remark"]) for row in told["results"]
    }
    assert found == {"Amani Barasa": (41.5, False, "EE", "Good"), "Brian Otieno": (None, True, "", "")}
    one = next(row for row in told["results"] if row["score"] == 41.5)
    changed = send(office, "PATCH", f"/api/v1/marks/{one['id']}/", {"score": 20})
    assert (changed.json()["score"], changed.json()["grade"], changed.json()["remark"]) == (20, "AE", "Good")
    wrong = send(
        office,
        "POST",
        "/api/v1/marks/",
        {"assessment": assessment["id"], "marks": [{**marks[1]}, {**marks[0], "score": 51}]},
    )
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["marks.1"])
    with context.in_school(life.school):
        assert Mark.objects.get(pk=one["id"]).score == 20


def test_a_student_moves_and_leaves(office: Client, life: Company) -> None:
    body = {"student": str(life.amani.pk), "class": str(life.west.pk), "starts_on": "2026-06-01"}
    taken = send(office, "POST", "/api/v1/enrolments/", body)
    assert taken.status_code == 409
    moved = send(office, "POST", "/api/v1/enrolments/", {**body, "entry_code": "moved"})
    assert moved.status_code == 201, moved.content
    history = office.get(f"/api/v1/enrolments/?student={life.amani.pk}").json()["results"]
    assert [(e["class"]["name"], e["ends_on"], e["exit_code"]) for e in history] == [
        ("Grade 6 West", None, ""),
        ("Grade 6 East", "2026-05-31", "moved"),
    ]
    address = f"/api/v1/enrolments/{moved.json()['id']}/"
    end = {"ends_on": "2026-06-30", "exit_code": "transfer_out"}
    assert send(office, "PATCH", address, end).json()["ends_on"] == "2026-06-30"
    assert send(office, "PATCH", address, end).status_code == 409
    assert office.get(f"/api/v1/students/{life.amani.pk}/").json()["status"] == "left"


def test_the_rest_of_the_school_is_written_as_well(office: Client, life: Company) -> None:
    guardian = send(
        office,
        "POST",
        "/api/v1/guardians/",
        {
            "first_name": "Mary",
            "last_name": "Otieno",
            "phone": "0712345678",
            "students": [{"student": str(life.brian.pk), "relationship": "mother"}],
        },
    )
    assert guardian.status_code == 201, guardian.content
    assert guardian.json()["phone"] == "+254712345678"
    assert [s["name"] for s in guardian.json()["students"]] == ["Brian Otieno"]
    bad = send(office, "PATCH", f"/api/v1/guardians/{guardian.json()['id']}/", {"phone": "12"})
    assert (bad.status_code, list(bad.json()["errors"])) == (400, ["phone"])
    staff = send(office, "POST", "/api/v1/staff/", {"staff_number": "T9", "first_name": "Ali"})
    assert staff.status_code == 201, staff.content
    changed = send(
        office, "PATCH", f"/api/v1/classes/{life.east.pk}/", {"class_teacher": staff.json()["id"], "room": "B2"}
    )
    assert (changed.json()["class_teacher"]["name"], changed.json()["room"]) == ("Ali", "B2")
    subject = send(office, "POST", "/api/v1/subjects/", {"name": "Chess", "code": "CHESS"})
    assert subject.status_code == 201, subject.content
    group = send(
        office,
        "POST",
        "/api/v1/teaching-groups/",
        {
            "name": "Chess club",
            "subject": subject.json()["id"],
            "year": str(life.year.pk),
            "teachers": [staff.json()["id"]],
            "members": [str(life.amani.pk)],
        },
    )
    assert group.status_code == 201, group.content
    assert [m["name"] for m in group.json()["members"]] == ["Amani Barasa"]
    emptied = send(office, "PATCH", f"/api/v1/teaching-groups/{group.json()['id']}/", {"members": []})
    assert emptied.json()["members"] == []
    term = send(office, "PATCH", f"/api/v1/terms/{life.term.pk}/", {"name": "Second term"})
    assert term.json()["name"] == "Second term"
    level = office.get(f"/api/v1/classes/{life.east.pk}/").json()["grade_level"]["id"]
    opened = send(
        office, "POST", "/api/v1/classes/", {"grade_level": level, "year": str(life.year.pk), "name": "Grade 6 North"}
    )
    assert opened.status_code == 201, opened.content
    assert opened.json()["stream"] is None


def test_a_repeated_post_takes_effect_once(office: Client, life: Company) -> None:
    key = {"Idempotency-Key": '"8e03978e-40d5-43e8-bc93-6894a57f9324"'}
    first = send(office, "POST", "/api/v1/students/", NEW, **key)
    again = send(office, "POST", "/api/v1/students/", dict(reversed(NEW.items())), **key)
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert (first.content, first["ETag"], first["Location"]) == (again.content, again["ETag"], again["Location"])
    assert again["Idempotency-Replayed"] == "true"
    other = send(office, "POST", "/api/v1/students/", {**NEW, "first_name": "Other"}, **key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    with context.in_school(life.school):
        assert Student.objects.filter(admission_number="N001").count() == 1


def test_a_repeated_refusal_is_the_same_refusal(office: Client, life: Company) -> None:
    key = {"Idempotency-Key": "refused-1"}
    answers = [send(office, "POST", "/api/v1/students/", {"first_name": "A"}, **key) for _ in range(2)]
    assert [a.status_code for a in answers] == [400, 400]
    assert answers[0].content == answers[1].content


def test_the_key_belongs_to_one_caller_and_one_address(office: Client, connect: Any, life: Company) -> None:
    key = {"Idempotency-Key": "shared"}
    assert send(office, "POST", "/api/v1/students/", NEW, **key).status_code == 201
    assert send(office, "POST", "/api/v1/subjects/", {"name": "Art", "code": "ART-X"}, **key).status_code == 201
    other = connect(life.school)
    assert send(other, "POST", "/api/v1/students/", {**NEW, "admission_number": "N2"}, **key).status_code == 201


def test_a_first_request_that_still_runs_is_a_conflict(office: Client, life: Company) -> None:
    key = {"Idempotency-Key": "running"}
    send(office, "POST", "/api/v1/students/", NEW, **key)
    with context.in_school(life.school):
        Replay.objects.update(status=None)
    answer = send(office, "POST", "/api/v1/students/", NEW, **key)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_in_use")


def test_a_malformed_key_is_refused(office: Client, life: Company) -> None:
    for key in ("", "a" * 256, '"open', "é"):
        answer = send(office, "POST", "/api/v1/students/", NEW, **{"Idempotency-Key": key})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_idempotency_key")


def test_two_at_once_with_one_key_take_effect_once(own_database: str) -> None:
    company = read().mwangaza
    with context.in_school(company.school):
        user = accounts.service_account(name="Twice", roles=["registrar"], by=None, at=clock.now())
        _row, key = accounts.issue_key(user=user, name="Twice", scopes=scopes.every(), by=None, at=clock.now())
    start, answers = threading.Barrier(4), []

    def post() -> None:
        client = Client(HTTP_HOST=host(company.school), HTTP_AUTHORIZATION=f"Bearer {key}")
        start.wait()
        answers.append(send(client, "POST", "/api/v1/students/", NEW, **{"Idempotency-Key": "at-once"}))
        connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {a.status_code for a in answers} <= {201, 409}
    assert len({a.content for a in answers if a.status_code == 201}) == 1
    with context.in_school(company.school):
        assert Student.objects.filter(admission_number="N001").count() == 1
        assert Enrolment.objects.filter(student__admission_number="N001").count() == 0
        assert AttendanceMark.objects.count() == 0
