"""/documents/ — papers in the files of students and staff."""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from api import bodies, filters
from api.rendering import Moment, Row, maybe, short_name
from api.resource import Resource
from identity.models import User
from schools.records import choices, queries
from schools.records.models import Document


class DocumentOut(bodies.Out):
    """A paper in a file; its content is fetched in the web app."""

    id = serializers.UUIDField()
    student = bodies.Person(allow_null=True)
    staff = bodies.Person(allow_null=True)
    kind = serializers.ChoiceField(choices=choices.DocumentKind.choices)
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    expires_on = serializers.DateField(allow_null=True)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class Documents(Resource):
    """Birth certificates, reports, medical papers, with the day on which each expires."""

    resource = "documents"
    rooms = (*Resource.rooms, "records")
    model = Document
    out = DocumentOut
    filters = {
        "student": filters.identifier("Of this student.", filters.by("student")),
        "staff": filters.identifier("Of this member of staff.", filters.by("staff")),
        "kind": filters.word("Of this kind.", choices.DocumentKind.choices, filters.by("kind")),
        "expires_before": filters.day("That expire before this day.", filters.by("expires_on__lt")),
    }
    orderings = {"created_at": "created_at"}
    ordering = ("-created_at",)

    def rows(self, user: User) -> Any:
        """All for the office; a family's or a member of staff's own."""
        return queries.documents_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `DocumentOut`."""
        return {
            "id": F("pk"),
            "student": maybe("student", Row(id=F("student_id"), name=short_name("student__"))),
            "staff": maybe("staff", Row(id=F("staff_id"), name=short_name("staff__"))),
            **{name: F(name) for name in ("kind", "name", "size", "expires_on")},
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }
