"""The trail can be added to, is sealed in batches, and an altered row is found."""

import pytest
from django.db import DatabaseError, connection, transaction

from audit import chain
from audit import recording as audit
from audit.models import Entry, Seal
from core import clock
from tenants import context
from tenants.models import School
from tests.cast import Cast


def write(cast: Cast, number: int) -> None:
    with transaction.atomic():
        for n in range(number):
            audit.record(
                "student.changed", on=cast.mwangaza.amani, by=cast.mwangaza.head, at=clock.now(), changes={"n": n}
            )


def seal_all() -> None:
    while chain.seal():
        pass


def test_an_entry_says_who_did_what_to_whom(cast: Cast, in_mwangaza: School) -> None:
    write(cast, 1)
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.actor_name, entry.object_name) == ("student.changed", "Jane Njeri", "Amani Barasa")
    assert (entry.object_type, entry.object_id) == ("people.student", str(cast.mwangaza.amani.pk))


def test_an_entry_outside_a_transaction_is_refused(own_database: str) -> None:
    with context.in_public():
        school = School.objects.get(slug="mwangaza")
    with context.in_school(school), pytest.raises(audit.OutsideTransaction):
        audit.record("student.changed", by=None, at=clock.now())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_name = 'Nobody'",
        "UPDATE audit_entry SET seal_number = NULL",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE audit_seal SET digest = ''",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
    ],
)
def test_the_database_refuses_to_change_the_trail(cast: Cast, in_mwangaza: School, statement: str) -> None:
    write(cast, 2)
    seal_all()
    before = Entry.objects.count()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == before


def test_a_sealed_trail_verifies_and_a_second_seal_is_bound_to_the_first(cast: Cast, in_mwangaza: School) -> None:
    write(cast, 3)
    seal_all()
    write(cast, 2)
    assert chain.seal() == 2
    last, before = Seal.objects.order_by("-number")[:2]
    assert last.previous == before.digest
    assert list(chain.verify()) == []


def test_an_altered_entry_is_found(cast: Cast, in_mwangaza: School) -> None:
    write(cast, 3)
    seal_all()
    _without_triggers("UPDATE audit_entry SET changes = '{\"n\": 9}' WHERE changes = '{\"n\": 1}'")
    assert [fault.what for fault in chain.verify()] == ["an entry was altered"]


def test_a_removed_entry_is_found(cast: Cast, in_mwangaza: School) -> None:
    write(cast, 3)
    seal_all()
    _without_triggers("DELETE FROM audit_entry WHERE changes = '{\"n\": 1}'")
    assert any("were sealed" in fault.what for fault in chain.verify())


def test_a_cut_off_tail_is_found_by_what_the_platform_noted(cast: Cast, in_mwangaza: School) -> None:
    write(cast, 1)
    seal_all()
    write(cast, 1)
    seal_all()
    last = Seal.objects.order_by("-number")[0].number
    _without_triggers(
        f"DELETE FROM audit_entry WHERE seal_number = {last}", f"DELETE FROM audit_seal WHERE number = {last}"
    )
    [fault] = chain.verify()
    assert fault.what == f"the platform noted seal {last}, the trail ends at {last - 1}"


def test_each_school_has_a_trail_of_its_own(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        write(cast, 1)
        entry = Entry.objects.latest("pk")
    with context.in_school(cast.baraka.school):
        assert not Entry.objects.filter(pk=entry.pk).exists()


def _without_triggers(*statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER; ALTER TABLE audit_seal DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER; ALTER TABLE audit_seal ENABLE TRIGGER USER")
