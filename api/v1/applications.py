"""/applications/ — those who want to come to the school."""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from api import bodies, filters
from api.rendering import Moment, Row, maybe, reference, short_name
from api.resource import Resource
from identity.models import User
from schools.admissions import choices, queries
from schools.admissions.models import Application


class ApplicationOut(bodies.Out):
    """An application that was sent, and how far it is."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    form = bodies.Reference()
    stage = serializers.ChoiceField(choices=choices.Stage.choices)
    source_ = serializers.ChoiceField(choices=choices.Source.choices)
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    date_of_birth = serializers.DateField(allow_null=True)
    grade_level = bodies.Reference(allow_null=True)
    submitted_at = bodies.Moment(allow_null=True)
    interview_at = bodies.Moment(allow_null=True)
    offered_class = bodies.Reference(allow_null=True)
    offer_until = serializers.DateField(allow_null=True)
    student = bodies.Person(allow_null=True, help_text="Who the applicant became.")
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class Applications(Resource):
    """The pipeline of admissions; an application moves on in the web app."""

    resource = "applications"
    rooms = (*Resource.rooms, "admissions")
    model = Application
    out = ApplicationOut
    filters = {
        "form": filters.identifier("By this form.", filters.by("form")),
        "stage": filters.word("At this stage.", choices.Stage.choices, filters.by("stage")),
        "grade_level": filters.identifier("For this grade level.", filters.by("grade_level")),
    }
    orderings = {"created_at": "created_at"}
    ordering = ("-created_at",)

    def rows(self, user: User) -> Any:
        """Every application, for the office."""
        return queries.visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `ApplicationOut`."""
        return {
            "id": F("pk"),
            "reference": F("reference"),
            "form": reference("form"),
            **{name: F(name) for name in ("stage", "source", "first_name", "last_name", "date_of_birth")},
            "grade_level": maybe("grade_level", reference("grade_level")),
            "submitted_at": Moment("submitted_at"),
            "interview_at": Moment("interview_at"),
            "offered_class": maybe("offered_class", reference("offered_class")),
            "offer_until": F("offer_until"),
            "student": maybe("student", Row(id=F("student_id"), name=short_name("student__"))),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }
