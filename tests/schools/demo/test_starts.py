"""The demo started again: the same day, a later day, at the weekend, where it may not."""

import hashlib
import json
import stat
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core import clock
from core.errors import Conflict
from identity.backends import SchoolBackend
from identity.models import ApiKey, User
from schools.academics import queries as academics
from schools.academics.models import SchoolClass
from schools.assessment.models import Assessment, Mark
from schools.attendance.models import AttendanceMark, Register
from schools.home import demo
from schools.people.models import Student
from tenants import context
from tenants.models import School

from .conftest import TODAY, Demo, empty_platform, load

CHANGES_AT_EACH_START = {
    "audit_entry", "audit_seal", "identity_user", "identity_apikey", "api_client",
}  # fmt: skip


def school(slug: str) -> School:
    with context.in_public():
        return School.objects.get(slug=slug)


def counts(slug: str) -> dict[str, int]:
    """Rows of every table of a school."""
    with context.in_school(school(slug)), connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    assert len(found) > 20
    return found


def digest(slug: str) -> str:
    """What a school's year says, without ids and times of writing."""
    said = hashlib.sha256()
    with context.in_school(school(slug)):
        for rows in (
            Student.objects.order_by("admission_number").values_list(
                "admission_number", "first_name", "middle_name", "last_name", "date_of_birth", "household__name"
            ),
            AttendanceMark.objects.order_by("register__date", "student__admission_number").values_list(
                "register__date", "student__admission_number", "code", "reason__code", "minutes_late", "marked_at"
            ),
            Mark.objects.order_by(
                "student__admission_number", "assessment__date", "assessment__subject__code", "assessment__name"
            ).values_list("student__admission_number", "assessment__date", "score", "grade", "remark"),
        ):
            assert rows
            said.update(repr(list(rows)).encode())
    return said.hexdigest()


def test_two_demos_of_one_day_are_the_same(shown: Demo) -> None:
    first = digest("mwangaza")
    with empty_platform():
        load("mwangaza")
        assert digest("mwangaza") == first


def test_started_again_on_the_same_day_it_adds_nothing_but_credentials(shown: Demo) -> None:
    before = {slug: counts(slug) for slug in ("mwangaza", "baraka")}
    assert load() == ["Mwangaza School is live", "Baraka Girls' High School is live"]
    assert {slug: counts(slug) for slug in before} == before
    demo.issue(wanted := _wanted())
    after = {slug: counts(slug) for slug in before}
    demo.issue(wanted)
    for slug, rows in before.items():
        assert {table for table in rows if rows[table] != after[slug][table]} <= CHANGES_AT_EACH_START


def test_each_start_ends_the_credentials_of_the_one_before(shown: Demo) -> None:
    first, second = demo.issue(_wanted()), demo.issue(_wanted())
    for old, new in zip(first["schools"], second["schools"], strict=True):
        with context.in_school(school(old["slug"])):
            for role, user in new["users"].items():
                signed_in = SchoolBackend().authenticate(None, user["username"], user["password"])
                assert signed_in is not None
                assert role in signed_in.roles
                assert SchoolBackend().authenticate(None, user["username"], old["users"][role]["password"]) is None
            valid = set(ApiKey.objects.filter(revoked_at=None).values_list("digest", flat=True))
            assert valid == {ApiKey.hashed(new["api"]["key"])}
            assert old["api"]["client_id"] != new["api"]["client_id"]
    with context.in_public():
        operator = second["operator"]
        assert SchoolBackend().authenticate(None, operator["username"], operator["password"]) is not None
        assert User.objects.get(username=operator["username"]).roles == ["operator"]


def test_the_card_has_the_shape_of_the_contract(shown: Demo) -> None:
    card = demo.issue(_wanted())
    assert set(card) == {"operator", "schools"}
    assert set(card["operator"]) == {"username", "password", "totp_secret"}
    mwangaza, baraka = card["schools"]
    assert (mwangaza["slug"], mwangaza["name"]) == ("mwangaza", "Mwangaza School")
    assert (baraka["slug"], baraka["name"]) == ("baraka", "Baraka Girls' High School")
    for told in card["schools"]:
        assert set(told) == {"slug", "name", "url", "students", "users", "api"}
        assert list(told["users"]) == ["head", "registrar", "teacher", "bursar", "guardian", "student"]
        assert set(told["api"]) == {"token_url", "client_id", "client_secret", "key"}
        assert told["api"]["token_url"] == f"{told['url']}/oauth/token"
        assert told["api"]["key"].startswith("sk_")


def test_the_command_writes_the_card_for_its_owner_alone(shown: Demo, tmp_path: Path, capsys: Any) -> None:
    place = tmp_path / "issued.json"
    place.touch(mode=0o600)
    call_command("demo", "load", "--json-out", str(place), "--today", TODAY.isoformat(), "--schools", "mwangaza")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [told["slug"] for told in json.loads(place.read_text())["schools"]] == ["mwangaza"]
    assert "Demo schools ready" in capsys.readouterr().out


def test_on_a_later_day_and_at_the_weekend_today_is_again_in_week_seven_with_registers_to_take(
    django_db_setup: None, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock(), empty_platform():
        load("mwangaza", scale=40)
        marks = counts("mwangaza")["assessment_mark"]
        for days in (1, 5, 6, 8, 90):
            today = TODAY + timedelta(days=days)
            assert "calendar: moved" in load("mwangaza", scale=40, today=today)[1]
            with context.in_school(school("mwangaza")):
                _is_week_seven_with_registers_to_take(today)
                _every_day_is_called(today)
                assert not any(
                    academics.is_school_day(today + timedelta(weeks=n, days=5 - today.weekday())) for n in (-1, 1)
                )
                assert all(paper.term.starts_on <= paper.date <= paper.term.ends_on for paper in _papers())
                assert not Mark.objects.filter(entered_at__date__gt=today).exists()
            assert counts("mwangaza")["assessment_mark"] == marks
            assert len(load("mwangaza", scale=40, today=today)) == 1


def test_a_school_with_a_life_of_its_own_is_left_alone(mwangaza: School) -> None:
    before = counts("mwangaza")
    with pytest.raises(Conflict, match="life of its own"):
        load("mwangaza")
    assert counts("mwangaza") == before


def test_production_has_no_demo(db: None, settings: Any, tmp_path: Path) -> None:
    settings.ENVIRONMENT = "production"
    with pytest.raises(CommandError, match="not for production"):
        call_command("demo", "load", "--json-out", str(tmp_path / "card.json"))
    assert not (tmp_path / "card.json").exists()


def _wanted() -> demo.Wanted:
    return demo.Wanted(("mwangaza", "baraka"), TODAY, clock.now(), 10)


def _papers() -> Any:
    return Assessment.objects.select_related("term")


def _is_week_seven_with_registers_to_take(today: date) -> None:
    term = academics.current_term(today)
    assert term is not None
    assert term.week_of(today) == 7
    assert academics.is_school_day(today)
    taken = set(Register.objects.filter(date=today).values_list("school_class__name", flat=True))
    waiting = set(SchoolClass.objects.values_list("name", flat=True)) - taken
    assert waiting == {"Grade 3 West", "Grade 6 East", "Grade 8 West"}
    assert not Register.objects.filter(date__gt=today).exists()


def _every_day_is_called(today: date) -> None:
    year = academics.current_year(today)
    assert year is not None
    days = set(academics.school_days(year.starts_on, today - timedelta(days=1)))
    called = set(Register.objects.filter(date__lt=today).values_list("date", flat=True))
    assert days == {day for day in called if day.weekday() < 5}
