"""Keys, files and signed addresses carry the school; nothing works outside one."""

from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from core import cache, scope, storage
from core.errors import NotFound
from tenants import context
from tenants.models import School


def test_two_schools_keep_two_values_under_one_key(mwangaza: School, baraka: School) -> None:
    with context.in_school(mwangaza):
        cache.set("motto", "Light", 60)
    with context.in_school(baraka):
        assert cache.get("motto") is None
        cache.set("motto", "Blessing", 60)
    with context.in_school(mwangaza):
        assert cache.get("motto") == "Light"


def test_the_key_names_the_schools_id_and_not_its_schema(mwangaza: School) -> None:
    with context.in_school(mwangaza):
        key = cache.make_key("motto", "shule", 1)
    assert key == f"shule:{mwangaza.pk}:1:motto"
    assert cache.reverse_key(key) == "motto"


def test_no_cache_outside_every_school() -> None:
    with pytest.raises(scope.NoSchool):
        cache.get("motto")


def test_a_cache_that_is_away_is_a_miss(mwangaza: School) -> None:
    away = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=away), context.in_school(mwangaza):
        assert cache.get("motto", "none") == "none"
        cache.set("motto", "Light", 60)
        assert cache.remember("motto", 60, lambda: "made") == "made"
        assert cache.count("tries", 60) is None


def test_forget_waits_for_the_commit(mwangaza: School, django_capture_on_commit_callbacks: object) -> None:
    assert callable(django_capture_on_commit_callbacks)
    with context.in_school(mwangaza):
        cache.set("motto", "Light", 60)
        with django_capture_on_commit_callbacks(execute=True):
            cache.forget("motto")
            assert cache.get("motto") == "Light"
        assert cache.get("motto") is None


def test_a_file_of_one_school_is_not_there_for_another(mwangaza: School, baraka: School) -> None:
    with context.in_school(mwangaza):
        storage.save("photos/amani.txt", b"of Mwangaza")
        assert storage.read("photos/amani.txt") == b"of Mwangaza"
    with context.in_school(baraka), pytest.raises(NotFound):
        storage.read("photos/amani.txt")


@pytest.mark.parametrize("path", ["../baraka/x", "/etc/passwd", "a/../../x", "", "a\\..\\b", "a\0b"])
def test_a_path_that_leaves_the_schools_prefix_is_refused(mwangaza: School, path: str) -> None:
    with context.in_school(mwangaza), pytest.raises(ValueError, match="prefix"):
        storage.save(path, b"")


def test_a_signed_address_of_one_school_is_forged_at_another(mwangaza: School, baraka: School) -> None:
    with context.in_school(mwangaza):
        token = storage.url("photos/amani.txt").removeprefix("/media/")
        assert storage.path_of(token) == "photos/amani.txt"
    with context.in_school(baraka), pytest.raises(NotFound):
        storage.path_of(token)
    with context.in_school(mwangaza), pytest.raises(NotFound):
        storage.path_of(token.replace("amani", "brian"))


def test_what_is_remembered_in_a_room_is_made_anew_after_a_write_there(
    mwangaza: School, django_capture_on_commit_callbacks: Any
) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        return len(made)

    def motto() -> int:
        return cache.remember("motto", 60, make, room="academics")

    with context.in_school(mwangaza):
        assert (motto(), motto()) == (1, 1)
        with django_capture_on_commit_callbacks(execute=True):
            cache.bump("people")
        assert motto() == 1
        with django_capture_on_commit_callbacks(execute=True):
            cache.bump("academics")
        assert (motto(), motto()) == (2, 2)


def test_a_value_made_while_its_room_is_being_written_is_not_kept(mwangaza: School) -> None:
    values = iter("old new".split())
    with context.in_school(mwangaza):
        cache.version("academics")
        with transaction.atomic():
            cache.bump("academics")
            assert cache.remember("motto", 60, lambda: next(values), room="academics") == "old"
            assert cache.remember("motto", 60, lambda: next(values), room="academics") == "new"


def test_a_request_that_only_reads_asks_for_nothing_twice(mwangaza: School) -> None:
    values = iter("first second third".split())
    with context.in_school(mwangaza):
        with cache.reading():
            assert cache.remember("motto", 60, lambda: next(values)) == "first"
            cache.set("motto", "changed", 60)
            assert cache.remember("motto", 60, lambda: next(values)) == "first"
        assert cache.remember("motto", 60, lambda: next(values)) == "changed"


def test_two_schools_in_one_reading_remember_each_their_own(mwangaza: School, baraka: School) -> None:
    with cache.reading():
        with context.in_school(mwangaza):
            assert cache.remember("motto", 60, lambda: "Light") == "Light"
        with context.in_school(baraka):
            assert cache.remember("motto", 60, lambda: "Blessing") == "Blessing"


def test_a_room_is_remembered_nowhere_while_the_cache_is_away(mwangaza: School) -> None:
    away = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=away), context.in_school(mwangaza):
        assert cache.remember("motto", 60, lambda: "made", room="academics") == "made"
