"""/guardians/ — the adults who answer for students."""

from typing import Any

from django.db.models import F, OuterRef
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, schema
from api.door import Call, allow
from api.rendering import Listed, Moment, Row, short_name
from api.resource import Resource, refer
from core import clock
from identity.models import Language, User
from schools.people import choices, policies, queries, services
from schools.people.models import Guardian, Guardianship


class ChildOut(bodies.Out):
    """A student whom the guardian answers for."""

    id = serializers.UUIDField(source="student_id")
    name = serializers.CharField(source="student.short_name")
    relationship = serializers.ChoiceField(choices=choices.Relationship.choices)


class GuardianOut(bodies.Out):
    """A guardian."""

    id = serializers.UUIDField()
    first_name = serializers.CharField()
    middle_name = serializers.CharField()
    last_name = serializers.CharField()
    phone = serializers.CharField(help_text="In E.164, or empty.")
    email = serializers.CharField()
    language = serializers.ChoiceField(choices=Language.choices)
    students = ChildOut(many=True, source="visible_guardianships")
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class GuardianIn(bodies.In):
    """What may be said of a guardian."""

    first_name = bodies.Text(max_length=80)
    middle_name = bodies.Text(max_length=80, required=False, allow_blank=True)
    last_name = bodies.Text(max_length=80, required=False, allow_blank=True)
    phone = bodies.Text(max_length=20, required=False, allow_blank=True)
    email = bodies.Text(max_length=254, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=Language.choices, required=False)


class ChildIn(bodies.In):
    """A student to answer for."""

    student = bodies.Ref()
    relationship = serializers.ChoiceField(choices=choices.Relationship.choices, required=False)


class NewGuardianIn(GuardianIn):
    """A guardian to add, and for whom."""

    students = serializers.ListField(child=ChildIn(), required=False, max_length=20)


class Guardians(Resource):
    """Parents and others who answer for students. A guardian sees only themselves."""

    resource = "guardians"
    model = Guardian
    out = GuardianOut
    filters = {
        "student": filters.identifier(
            "Who answers for this student.",
            lambda rows, value: rows.filter(pk__in=Guardianship.objects.filter(student=value).values("guardian")),
        ),
        "phone": filters.text("Exactly this phone number, in E.164.", filters.by("phone")),
        "updated_since": filters.moment("Changed at this moment or later.", filters.by("updated_at__gte")),
    }
    search_about = "Names, phone or e-mail."
    orderings = {"first_name": "first_name", "last_name": "last_name", "created_at": "created_at"}
    ordering = ("first_name", "last_name")

    def rows(self, user: User) -> Any:
        """All, those of one's students, or oneself."""
        return queries.guardians_visible_to(user)

    def search(self, rows: Any, words: str) -> Any:
        """As `search_about` says."""
        return queries.search_guardians(rows, words)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `GuardianOut`."""
        ties = Guardianship.objects.filter(guardian=OuterRef("pk"))
        if not policies.sees_all(user):
            ties = ties.filter(pk__in=queries.guardianships_visible_to(user).order_by().values("pk"))
        plain = ("first_name", "middle_name", "last_name", "phone", "email", "language")
        return {
            "id": F("pk"),
            **{name: F(name) for name in plain},
            "students": Listed(
                ties.order_by("pk").values(
                    j=Row(id=F("student_id"), name=short_name("student__"), relationship=F("relationship"))
                )
            ),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(NewGuardianIn, GuardianOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Add a guardian, tied to the students named."""
        user, at = call.caller.user, clock.now()
        allow(policies.may_change_guardian(user))
        facts = self.body(call, NewGuardianIn)
        ties = [
            (refer(queries.visible_to(user), tie["student"], f"students.{number}.student"), tie.get("relationship"))
            for number, tie in enumerate(facts.pop("students", []))
        ]
        guardian = services.add_guardian(by=user, at=at, **facts)
        for student, relationship in ties:
            rights = services.Rights(relationship=relationship) if relationship else services.Rights()
            services.link(student=student, guardian=guardian, by=user, at=at, **rights)
        return self.written(call, guardian, status=201)

    @schema.writes(GuardianIn, GuardianOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change what is said of a guardian."""
        guardian = self.find(call, id)
        allow(policies.may_change_guardian(call.caller.user))
        facts = self.body(call, GuardianIn, partial=True)
        guardian = services.change_guardian(guardian=guardian, by=call.caller.user, at=clock.now(), **facts)
        return self.written(call, guardian)
