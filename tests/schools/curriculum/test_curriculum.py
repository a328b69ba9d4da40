"""Curricula in versions, options that students choose and get within the places, courses that build on each other."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from audit.models import Entry
from core import clock, errors
from schools.academics.models import AcademicYear, GradeLevel, Subject, TeachingGroup
from schools.bulk import services as bulk
from schools.bulk.models import Action
from schools.curriculum import catalogue, queries, services
from schools.curriculum.models import Block, Course, Followed, Option, Version, Wish
from tenants import context
from tests import cast as everybody
from tests.cast import Cast, Company

Browse = Callable[..., Client]


@pytest.fixture
def ours(cast: Cast) -> Iterator[Company]:
    with context.in_school(cast.mwangaza.school), transaction.atomic():
        yield cast.mwangaza


# Versions


def test_the_known_curricula_are_data_with_grade_6_and_form_4_side_by_side(ours: Company) -> None:
    assert services.add_known(by=ours.head, at=clock.now()) == 3
    assert services.add_known(by=ours.head, at=clock.now()) == 0
    cbe = Version.objects.get(curriculum="cbe")
    levels = dict(queries.by_level(cbe))
    assert "Mathematics" in {line["name"] for line in levels["Grade 6"]} and "Form 4" not in levels
    assert {line["level"] for line in Version.objects.get(curriculum="844").lines} == {"F3", "F4"}
    assert "0580" in {line["code"] for line in Version.objects.get(curriculum="igcse").lines}


def test_a_published_version_is_never_edited_but_copied_and_each_year_keeps_its_own(ours: Company) -> None:
    at = clock.now()
    services.add_known(by=None, at=at)
    old = Version.objects.get(curriculum="cbe")
    lines = [catalogue.line("G6", "ROB", "Robotics", core=False, lessons=2)]
    with pytest.raises(errors.Conflict):
        services.write_lines(version=old, lines=lines, by=None, at=at)
    draft = services.copy(version=old, name="2027", by=None, at=at)
    assert draft.lines == old.lines
    services.write_lines(version=draft, lines=lines, by=None, at=at)
    grade, this_year = GradeLevel.objects.get(code="G6"), ours.year
    with pytest.raises(errors.Conflict):
        services.follow(version=draft, grade_level=grade, year=this_year, add_missing=False, by=None, at=at)
    services.move_on(version=draft, by=None, at=at)
    after = AcademicYear.objects.create(name="2027", starts_on=date(2027, 1, 4), ends_on=date(2027, 12, 31))
    services.follow(version=old, grade_level=grade, year=this_year, add_missing=False, by=None, at=at)
    assert services.follow(version=draft, grade_level=grade, year=after, add_missing=True, by=None, at=at) == [
        "Robotics"
    ]
    assert Subject.objects.get(code="ROB").name == "Robotics"
    assert services.follow(version=draft, grade_level=grade, year=after, add_missing=True, by=None, at=at) == []
    followed = {one.year.name: str(one.plan) for one in Followed.objects.filter(grade_level=grade)}
    assert followed == {"2026": "CBE · 2024", "2027": "CBE · 2027"}
    assert services.move_on(version=old, by=None, at=at).standing == "retired"
    assert Followed.objects.filter(plan=old).count() == 1


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [("G6; MAT", "Line 1: give grade level"), ("G6; MAT; Maths; must", "Line 1 cannot be read"),
     ("G6; MAT; Maths\nG6; m-a-t; Maths", "Line 2: this subject stands twice"), ("G6; A; B; core; x", "Line 1 cannot")],
)  # fmt: skip
def test_a_line_that_cannot_be_is_told_by_its_number(cast: Cast, browse: Browse, typed: str, wrong: str) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        draft = Version.objects.create(curriculum="other", name="Ours")
    head = browse(ours.head)
    answer = head.post(f"/curriculum/versions/{draft.pk}/lines/", {"lines": typed})
    assert answer.status_code == 400 and wrong in answer.content.decode()
    good = "G6; MAT; Maths; core; 5\n\nG6; MUS; Music; option"
    assert head.post(f"/curriculum/versions/{draft.pk}/lines/", {"lines": good}).status_code == 302
    with context.in_school(ours.school):
        lines = Version.objects.get(pk=draft.pk).lines
        assert [(line["code"], line["core"], line["lessons"]) for line in lines] == [
            ("MAT", True, 5), ("MUS", False, None),
        ]  # fmt: skip


# Options


def opened(ours: Company, *options: tuple[str, int | None], **facts: Any) -> Block:
    day = clock.today()
    said: dict[str, Any] = {
        "name": "Arts", "year": ours.year, "levels": ["G6"], "least": 1, "most": 1,
        "opens_on": day - timedelta(days=1), "closes_on": day + timedelta(days=1), **facts,
    }  # fmt: skip
    block = services.save_block(block=None, by=None, at=clock.now(), **said)
    for name, capacity in options:
        services.save_option(block=block, option=None, name=name, capacity=capacity, by=None, at=clock.now())
    return block


def option(name: str) -> Option:
    return Option.objects.get(name=name)


def choose(student: Any, block: Block, *names: str, at: datetime | None = None, **how: Any) -> list[Wish]:
    wanted = [option(name).pk for name in names]
    return services.choose(student=student, block=block, options=wanted, by=None, at=at or clock.now(), **how)


def places() -> dict[tuple[str, str], str]:
    return {(wish.student.first_name, wish.option.name): wish.place for wish in Wish.objects.all()}


def test_first_wishes_go_before_second_ones_the_earlier_before_the_later_and_the_rest_waits(ours: Company) -> None:
    block = opened(ours, ("Music", 1), ("Art", 1), ("French", None))
    at = clock.now()
    choose(ours.brian, block, "Music", "Art", at=at + timedelta(minutes=1))
    choose(ours.amani, block, "Music", "French", at=at)
    choose(ours.zawadi, block, "Art", at=at + timedelta(minutes=2))
    counts = services.place(block=block, by=ours.head, at=at)
    assert places() == {
        ("Amani", "Music"): "placed", ("Amani", "French"): "asked", ("Zawadi", "Art"): "placed",
        ("Brian", "Music"): "waiting", ("Brian", "Art"): "waiting",
    }  # fmt: skip
    assert counts == {"placed": 2, "waiting": 2, "students": 3}
    with pytest.raises(errors.Conflict):
        services.place(block=block, by=ours.head, at=at)
    with pytest.raises(errors.Conflict):
        choose(ours.brian, block, "French")


def test_those_who_are_placed_join_the_group_and_one_undo_takes_all_of_it_back(ours: Company) -> None:
    at = clock.now()
    group = TeachingGroup.objects.create(name="Music group", year=ours.year, subject=ours.maths)
    block = opened(ours, ("Music", 5))
    services.save_option(block=block, option=option("Music"), group=group, by=None, at=at)
    with pytest.raises(errors.DomainError) as whole:
        services.save_option(block=block, option=option("Music"), group=ours.maths_group, by=None, at=at)
    assert list(whole.value.errors) == ["group"]
    choose(ours.amani, block, "Music")
    choose(ours.brian, block, "Music")
    services.place(block=block, by=ours.head, at=at)
    assert {one.first_name for one in group.members.all()} == {"Amani", "Brian"}
    [action] = Action.objects.all()
    assert bulk.ask_undo(action=action, by=ours.head, at=at).state == "undone"
    assert not group.members.exists() and set(places().values()) == {"asked"}
    assert Block.objects.get(pk=block.pk).placed_at is None


def test_an_order_changed_late_keeps_the_time_of_the_first_wish(ours: Company) -> None:
    block = opened(ours, ("Music", 1), ("Art", 5))
    at = clock.now()
    choose(ours.amani, block, "Music", at=at)
    choose(ours.brian, block, "Music", at=at + timedelta(minutes=1))
    choose(ours.amani, block, "Art", "Music", at=at + timedelta(minutes=2))
    choose(ours.amani, block, "Music", "Art", at=at + timedelta(minutes=3))
    choose(ours.amani, block, "Music", "Art", at=at + timedelta(minutes=4))  # the same again changes nothing
    services.place(block=block, by=None, at=at)
    assert places()["Amani", "Music"] == "placed" and places()["Brian", "Music"] == "waiting"
    assert Entry.objects.filter(action="options.chosen", object_id=str(ours.amani.pk)).count() == 3


@pytest.mark.parametrize(
    ("facts", "names"),
    [({"least": 2, "most": 2}, ["Music"]), ({"levels": ["G7"]}, ["Music"]), ({"least": 1}, [])],
)
def test_too_few_and_those_of_another_grade_are_refused(ours: Company, facts: dict[str, Any], names: list[str]) -> None:
    block = opened(ours, ("Music", 1), ("Art", 1), **facts)
    with pytest.raises(errors.DomainError):
        choose(ours.amani, block, *names)
    assert not Wish.objects.exists()


def test_outside_its_days_only_the_office_chooses_for_somebody(ours: Company) -> None:
    block = opened(ours, ("Music", 1))
    Block.objects.filter(pk=block.pk).update(
        opens_on=clock.today() - timedelta(days=9), closes_on=clock.today() - timedelta(days=2)
    )
    with pytest.raises(errors.Conflict):
        choose(ours.amani, block, "Music")
    assert choose(ours.amani, block, "Music", late=True)[0].rank == 1


def test_a_guardian_chooses_on_the_phone_for_a_child_and_for_no_other(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school), transaction.atomic():
        block = opened(ours, ("Music", 3), ("Art", 3))
        music, art = option("Music").pk, option("Art").pk
    rose = browse(ours.guardian)
    assert "Time to choose" in rose.get("/").content.decode()
    path = f"/curriculum/blocks/{block.pk}/choose/{ours.amani.pk}/"
    assert "What Amani Barasa wants" in rose.get(path).content.decode()
    assert rose.post(path, {f"rank-{music}": "2", f"rank-{art}": "1", "rank-x": "1"}).status_code == 302
    assert rose.get(f"/curriculum/blocks/{block.pk}/choose/{ours.brian.pk}/").status_code == 404
    with context.in_school(ours.school):
        assert [wish.option.name for wish in queries.wishes_of(ours.amani)] == ["Art", "Music"]
    page = browse(ours.head).get(f"/curriculum/blocks/{block.pk}/").content.decode()
    assert "Brian Otieno" in page and "Chose nothing yet" in page
    assert "wish 1" in browse(ours.student).get(f"/students/{ours.amani.pk}/").content.decode()


def test_the_last_place_is_given_once_when_two_press_the_button(own_database: str) -> None:
    ours = everybody.read().mwangaza
    with context.in_school(ours.school), transaction.atomic():
        block = opened(ours, ("Music", 1))
        choose(ours.amani, block, "Music")
        choose(ours.brian, block, "Music")
    both, found = threading.Barrier(2), []

    def press() -> None:
        with context.in_school(ours.school):
            both.wait(10)
            try:
                found.append(services.place(block=block, by=ours.head, at=clock.now())["placed"])
            except errors.Conflict:
                found.append(0)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(found) == [0, 1]
    with context.in_school(ours.school):
        assert sorted(places().values()) == ["placed", "waiting"] and Action.objects.count() == 1


# Courses


def course(code: str, *before: Course, credits: int = 3) -> Course:  # noqa: A002 - the field's own word
    return services.save_course(
        course=None, programme="Certificate", code=code, name=f"Course {code}", credits=Decimal(credits),
        before=[one.pk for one in before], by=None, at=clock.now(),
    )  # fmt: skip


def test_a_course_is_taken_when_what_comes_before_is_passed_and_credits_are_earned_once(ours: Company) -> None:
    at, student, term = clock.now(), ours.amani, ours.term
    first = course("M1")
    second = course("M2", first)
    with pytest.raises(errors.DomainError) as lacking:
        services.take(student=student, course=second, term=term, by=None, at=at)
    assert lacking.value.errors == {"course": ["Must be passed before: M1."]}
    taken = services.take(student=student, course=first, term=term, by=None, at=at)
    with pytest.raises(errors.DomainError):
        services.take(student=student, course=first, term=term, by=None, at=at)
    services.record(taken=taken, state="passed", grade="B", by=None, at=at)
    services.take(student=student, course=second, term=term, by=None, at=at)
    progress = queries.progress_of(student)
    assert (progress.earned, progress.running) == (3, 3)
    with pytest.raises(errors.DomainError):
        services.take(student=student, course=first, term=term, by=None, at=at)


def test_courses_that_would_come_before_themselves_are_refused_with_the_way(ours: Company) -> None:
    first = course("M1")
    second = course("M2", first)
    third = course("M3", second)
    with pytest.raises(errors.DomainError) as circle:
        services.save_course(course=first, before=[third.pk], by=None, at=clock.now())
    assert circle.value.errors == {"before": ["M1 → M3 → M2 → M1: a course cannot come before itself."]}
    assert Course.objects.get(code="M1").before == []


def test_a_term_holds_so_many_credits_unless_the_office_says_otherwise(ours: Company) -> None:
    at = clock.now()
    for number in range(4):
        services.take(student=ours.amani, course=course(f"C{number}", credits=6), term=ours.term, by=None, at=at)
    more = course("C9", credits=1)
    with pytest.raises(errors.DomainError) as full:
        services.take(student=ours.amani, course=more, term=ours.term, by=None, at=at)
    assert full.value.errors == {"course": ["That would be 25 credits in the term; at most 24."]}
    assert (
        services.take(student=ours.amani, course=more, term=ours.term, beyond=True, by=None, at=at).state == "enrolled"
    )
