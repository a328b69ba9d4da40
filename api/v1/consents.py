"""/consents/ — what guardians said to photos and the like, answer by answer."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, schema
from api.door import Call, allow
from api.rendering import Moment, Row, maybe, short_name
from api.resource import Resource, refer
from core import clock
from identity.models import User
from schools.people import queries as people
from schools.records import choices, policies, queries, services
from schools.records.models import Consent


class ConsentOut(bodies.Out):
    """One answer of a guardian; the newest of a purpose counts."""

    id = serializers.UUIDField()
    student = bodies.Person()
    guardian = bodies.Person(allow_null=True)
    purpose = serializers.ChoiceField(choices=choices.Purpose.choices)
    given = serializers.BooleanField()
    on_paper = serializers.BooleanField()
    at = bodies.Moment()
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class ConsentIn(bodies.In):
    """An answer that came to the office."""

    student = bodies.Ref()
    guardian = bodies.Ref()
    purpose = serializers.ChoiceField(choices=choices.Purpose.choices)
    given = bodies.YesNo()


class Consents(Resource):
    """Every answer with its day; whatever is not answered is not done in public."""

    resource = "consents"
    rooms = (*Resource.rooms, "records")
    model = Consent
    out = ConsentOut
    filters = {
        "student": filters.identifier("About this student.", filters.by("student")),
        "purpose": filters.word("To this purpose.", choices.Purpose.choices, filters.by("purpose")),
        "given": filters.yes_no("Yes, or no.", filters.by("given")),
    }
    orderings = {"at": "at"}
    ordering = ("-at",)

    def rows(self, user: User) -> Any:
        """Those of the students one sees, for the office and guardians."""
        return queries.consents_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `ConsentOut`."""
        return {
            "id": F("pk"),
            "student": Row(id=F("student_id"), name=short_name("student__")),
            "guardian": maybe("guardian", Row(id=F("guardian_id"), name=short_name("guardian__"))),
            **{name: F(name) for name in ("purpose", "given", "on_paper")},
            "at": Moment("at"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(ConsentIn, ConsentOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Note an answer that came on paper."""
        user = call.caller.user
        allow(policies.may_note_consent(user))
        facts = self.body(call, ConsentIn)
        student = refer(people.visible_to(user), facts.pop("student"), "student")
        guardian = refer(people.guardians_visible_to(user), facts.pop("guardian"), "guardian")
        made = services.answer(student=student, guardian=guardian, on_paper=True, by=user, at=clock.now(), **facts)
        return self.written(call, made, status=201)
