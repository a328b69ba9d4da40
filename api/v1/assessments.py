"""/assessments/ — a subject assessed in a class in a term."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, schema
from api.door import Call, allow
from api.rendering import Moment, number, reference
from api.resource import Resource, refer
from core import clock
from identity.models import User
from schools.academics import queries as academics
from schools.assessment import choices, policies, queries, services
from schools.assessment.models import Assessment


class AssessmentOut(bodies.Out):
    """An assessment."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    subject = bodies.Reference()
    class_ = bodies.Reference(source="school_class")
    term = bodies.Reference()
    kind = serializers.ChoiceField(choices=choices.Kind.choices)
    maximum = bodies.Number()
    date = serializers.DateField()
    scale = bodies.Reference()
    status = serializers.ChoiceField(choices=choices.AssessmentStatus.choices)
    closes_at = bodies.Moment(allow_null=True)
    published_at = bodies.Moment(allow_null=True)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class AssessmentIn(bodies.In):
    """What may be changed of an assessment."""

    name = bodies.Text(max_length=80)
    kind = serializers.ChoiceField(choices=choices.Kind.choices, required=False)
    maximum = bodies.Number()
    date = bodies.Day()
    scale = bodies.Ref(required=False, help_text="The grading scale; without it the school's own.")
    closes_at = bodies.At(required=False, allow_null=True)


class NewAssessmentIn(AssessmentIn):
    """An assessment to set."""

    subject = bodies.Ref()
    class_ = bodies.Ref()
    term = bodies.Ref()


class Assessments(Resource):
    """Tests, exams and projects; families see those that are published."""

    resource = "assessments"
    rooms = (*Resource.rooms, "assessment")
    model = Assessment
    out = AssessmentOut
    filters = {
        "class": filters.identifier("In this class.", filters.by("school_class")),
        "subject": filters.identifier("In this subject.", filters.by("subject")),
        "term": filters.identifier("In this term.", filters.by("term")),
        "kind": filters.word("Of this kind.", choices.Kind.choices, filters.by("kind")),
        "status": filters.word("Whether marks may be entered.", choices.AssessmentStatus.choices, filters.by("status")),
        "name": filters.text("Exactly this name.", filters.by("name")),
        "updated_since": filters.moment("Changed at this moment or later.", filters.by("updated_at__gte")),
    }
    orderings = {"date": "date", "name": "name", "created_at": "created_at"}
    ordering = ("-date", "name")
    field_names = {"school_class": "class"}

    def rows(self, user: User) -> Any:
        """All, one's own subjects' and classes', or what was published to one's family."""
        return queries.visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `AssessmentOut`."""
        return {
            "id": F("pk"),
            "name": F("name"),
            "subject": reference("subject"),
            "class": reference("school_class"),
            "term": reference("term"),
            "kind": F("kind"),
            "maximum": number("maximum"),
            "date": F("date"),
            "scale": reference("scale"),
            "status": F("status"),
            "closes_at": Moment("closes_at"),
            "published_at": Moment("published_at"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(NewAssessmentIn, AssessmentOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Set an assessment."""
        user = call.caller.user
        allow(policies.may_set(user) or policies.sees_all(user))
        facts = self.body(call, NewAssessmentIn)
        school_class = refer(academics.visible_to(user), facts.pop("class"), "class")
        subject = refer(academics.subjects_visible_to(user), facts.pop("subject"), "subject")
        term = refer(academics.terms_visible_to(user), facts.pop("term"), "term")
        scale = refer(queries.scales_visible_to(user), facts.pop("scale", None), "scale")
        own = policies.can_set_for(user, school_class)
        allow(own is None or str(subject.pk) in own)
        made = services.create_assessment(
            school_class=school_class,
            subject=subject,
            term=term,
            scale=scale,
            kind=facts.pop("kind", choices.Kind.TEST),
            by=user,
            at=clock.now(),
            **facts,
        )
        return self.written(call, made, status=201)

    @schema.writes(AssessmentIn, AssessmentOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change an open assessment; its marks are graded anew."""
        user = call.caller.user
        assessment = self.find(call, id)
        allow(policies.can_enter(user, assessment))
        facts = self.body(call, AssessmentIn, partial=True)
        if "scale" in facts:
            facts["scale"] = refer(queries.scales_visible_to(user), facts["scale"], "scale")
        changed = services.change_assessment(assessment=assessment, by=user, at=clock.now(), **facts)
        return self.written(call, changed)
