"""/guardianships/ — who answers for whom, and what they may do."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, schema
from api.door import Call, allow
from api.rendering import Moment, Row, short_name
from api.resource import Resource, refer
from core import clock
from identity.models import User
from schools.people import choices, policies, queries, services
from schools.people.models import Guardianship

RIGHTS = ("sees_portal", "may_collect", "gets_messages")


class GuardianshipOut(bodies.Out):
    """What one guardian is to one student, and what they may do."""

    id = serializers.UUIDField()
    student = bodies.Person()
    guardian = bodies.Person()
    relationship = serializers.ChoiceField(choices=choices.Relationship.choices)
    call_order = serializers.IntegerField(help_text="1 is called first.")
    sees_portal = serializers.BooleanField()
    may_collect = serializers.BooleanField()
    gets_messages = serializers.BooleanField()
    fee_share = serializers.IntegerField(help_text="Percent of the fees.")
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class RightsIn(bodies.In):
    """What may be changed."""

    relationship = serializers.ChoiceField(choices=choices.Relationship.choices, required=False)
    call_order = bodies.Whole(required=False, min_value=1, max_value=20)
    sees_portal = bodies.YesNo(required=False)
    may_collect = bodies.YesNo(required=False)
    gets_messages = bodies.YesNo(required=False)
    fee_share = bodies.Whole(required=False, min_value=0, max_value=100)


class GuardianshipIn(RightsIn):
    """A guardian to tie to a student."""

    student = bodies.Ref()
    guardian = bodies.Ref()


class Guardianships(Resource):
    """The ties between guardians and students. What a court ordered is not told here; it takes the rights away."""

    resource = "guardianships"
    model = Guardianship
    out = GuardianshipOut
    filters = {
        "student": filters.identifier("Of this student.", filters.by("student")),
        "guardian": filters.identifier("Of this guardian.", filters.by("guardian")),
    }
    orderings = {"call_order": "call_order", "created_at": "created_at"}
    ordering = ("call_order",)

    def rows(self, user: User) -> Any:
        """Those of the students one sees; a guardian's own."""
        return queries.guardianships_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `GuardianshipOut`; a right that a court took away reads false."""
        free = queries.unrestricted(clock.today())
        return {
            "id": F("pk"),
            "student": Row(id=F("student_id"), name=short_name("student__")),
            "guardian": Row(id=F("guardian_id"), name=short_name("guardian__")),
            "relationship": F("relationship"),
            "call_order": F("call_order"),
            **{name: ExpressionWrapper(Q(**{name: True}) & free, BooleanField()) for name in RIGHTS},
            "fee_share": F("fee_share"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(GuardianshipIn, GuardianshipOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Tie a guardian to a student."""
        user = call.caller.user
        allow(policies.may_change_guardian(user))
        facts = self.body(call, GuardianshipIn)
        student = refer(queries.visible_to(user), facts.pop("student"), "student")
        guardian = refer(queries.guardians_visible_to(user), facts.pop("guardian"), "guardian")
        made = services.link(student=student, guardian=guardian, by=user, at=clock.now(), **facts)
        return self.written(call, made, status=201)

    @schema.writes(RightsIn, GuardianshipOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change what a guardian is to a student, or may do."""
        tie = self.find(call, id)
        allow(policies.may_change_guardian(call.caller.user))
        facts = self.body(call, RightsIn, partial=True)
        return self.written(
            call, services.change_rights(guardianship=tie, by=call.caller.user, at=clock.now(), **facts)
        )
