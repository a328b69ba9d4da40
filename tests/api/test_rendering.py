"""What PostgreSQL writes and what the Out serializers describe are the same bytes."""

from typing import Any

import orjson
import pytest
from django.db.models import QuerySet
from django.test import Client

from api import bodies, rendering
from api.pagination import Order
from api.v1.urls import RESOURCES
from identity.models import User
from schools.people.models import Photo
from tenants import context
from tests.cast import Company
from tests.permissions import objects

BASE = "http://mwangaza.shule.localhost"


class Shown:
    """A row as the serializers ask for it: the model's own fields, and what the API derives from others."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        found = getattr(Derived, name, None)
        return found(self._row) if found else getattr(self._row, name)


class Derived:
    """What the API shows and no column holds, worked out in Python."""

    @staticmethod
    def current_class(student: Any) -> Any:
        open_now = student.enrolments.filter(ends_on=None).first()
        return open_now.school_class if open_now else None

    @staticmethod
    def visible_guardianships(person: Any) -> Any:
        ties = person.guardianships.all()
        return ties.order_by("call_order", "pk") if hasattr(person, "admission_number") else ties.order_by("pk")

    @staticmethod
    def photo_url(student: Any) -> str | None:
        ready = Photo.objects.filter(student=student, state="ready").exists()
        return f"{BASE}/api/v1/students/{student.pk}/photo/" if ready else None

    @staticmethod
    def teachers_in_order(group: Any) -> Any:
        return group.teachers.order_by("pk")

    @staticmethod
    def members_in_order(group: Any) -> Any:
        return group.members.order_by("pk")

    @staticmethod
    def marks_in_order(register: Any) -> Any:
        return register.marks.order_by("student__first_name", "student__last_name", "student")

    @staticmethod
    def bands_in_order(scale: Any) -> Any:
        return scale.bands.order_by("-lower")


def by_serializer(out: type[bodies.Out], rows: QuerySet[Any]) -> bytes:
    """The rows through the serializer, as compact JSON."""
    return b",".join(orjson.dumps(out(Shown(row)).data) for row in rows.order_by("pk"))


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.resource)
def test_postgresql_and_the_serializer_write_the_same_bytes(resource: Any, life: Company) -> None:
    program = User(kind="service", roles=["registrar"])
    objects.make(life)
    with context.in_school(life.school):
        Photo.objects.create(student=life.amani, state="ready", original="x")
        life.maths_group.members.add(life.zawadi, life.brian)
        view = resource()
        rows = view.rows(program)
        statement = rendering.page(rows, view.columns(program, BASE), Order(("pk",), (False,)), size=200)
        assert statement is not None
        text = statement.page().text
        assert text == by_serializer(resource.out, rows)
        assert rows.count() > 0
        assert len(orjson.loads(b"[%b]" % text)) == rows.count()


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.resource)
def test_the_columns_are_the_fields_of_the_schema_in_order(resource: Any, life: Company) -> None:
    with context.in_school(life.school):
        columns = resource().columns(User(kind="service", roles=["registrar"]), BASE)
    assert tuple(columns) == tuple(resource.out().fields)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.resource)
def test_a_row_alone_is_the_same_as_in_its_list(resource: Any, life: Company, office: Client) -> None:
    listed = office.get(f"/api/v1/{resource.resource}/").json()["results"]
    for row in listed[:3]:
        answer = office.get(f"/api/v1/{resource.resource}/{row['id']}/")
        assert answer.status_code == 200
        assert answer.json() == row


def test_fields_trims_a_list_and_a_row(life: Company, office: Client) -> None:
    listed = office.get("/api/v1/students/?fields=class,id").json()["results"]
    assert [list(row) for row in listed] == [["id", "class"]] * 3
    alone = office.get(f"/api/v1/students/{life.amani.pk}/?fields=last_name")
    assert alone.json() == {"last_name": "Barasa"}
