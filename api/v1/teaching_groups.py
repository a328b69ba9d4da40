"""/teaching-groups/ — a subject taught to a set of students."""

from typing import Any

from django.db.models import F, OuterRef
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, problems, schema
from api.door import Call, allow
from api.rendering import Listed, Moment, Row, maybe, reference, short_name
from api.resource import Resource, refer, refer_many
from core import clock
from identity.models import User
from schools.academics import policies, queries, services
from schools.academics.models import AcademicYear, TeachingGroup
from schools.people import policies as people_policies
from schools.people import queries as people
from schools.people.models import Staff, Student


class TeachingGroupOut(bodies.Out):
    """A teaching group."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    subject = bodies.Reference()
    class_ = bodies.Reference(source="school_class", allow_null=True, help_text="Taught to this whole class.")
    year = bodies.Reference()
    teachers = bodies.Person(many=True, source="teachers_in_order")
    members = bodies.Person(many=True, source="members_in_order", help_text="Chosen students; none for a class.")
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class TeachingGroupIn(bodies.In):
    """What may be changed of a teaching group."""

    name = bodies.Text(max_length=80, required=False)
    teachers = serializers.ListField(child=bodies.Ref(), required=False, max_length=20)
    members = serializers.ListField(child=bodies.Ref(), required=False, max_length=1000)


class NewTeachingGroupIn(TeachingGroupIn):
    """A teaching group to open."""

    subject = bodies.Ref()
    class_ = bodies.Ref(required=False, allow_null=True)
    year = bodies.Ref(required=False, help_text="The year; without it the class's, or the current one.")


class TeachingGroups(Resource):
    """Subjects taught to whole classes, or to members chosen one by one."""

    resource = "teaching-groups"
    model = TeachingGroup
    out = TeachingGroupOut
    filters = {
        "year": filters.identifier("Of this year.", filters.by("year")),
        "subject": filters.identifier("In this subject.", filters.by("subject")),
        "class": filters.identifier("Of this whole class.", filters.by("school_class")),
        "teacher": filters.identifier(
            "Taught by this member of staff.",
            lambda rows, value: rows.filter(
                pk__in=TeachingGroup.teachers.through.objects.filter(staff=value).values("teachinggroup")
            ),
        ),
    }
    orderings = {"name": "name", "created_at": "created_at"}
    ordering = ("name",)
    field_names = {"school_class": "class"}

    def rows(self, user: User) -> Any:
        """All, those one teaches, or those of one's children."""
        return queries.teaching_groups_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `TeachingGroupOut`."""
        named = Row(id=F("pk"), name=short_name())
        teachers = Staff.objects.filter(teaching_groups=OuterRef("pk"))
        members = Student.objects.filter(teaching_groups=OuterRef("pk"))
        if not people_policies.sees_all(user):
            members = members.filter(pk__in=people.visible_to(user).order_by().values("pk"))
        return {
            "id": F("pk"),
            "name": F("name"),
            "subject": reference("subject"),
            "class": maybe("school_class", reference("school_class")),
            "year": reference("year"),
            "teachers": Listed(teachers.order_by("pk").values(j=named)),
            "members": Listed(members.order_by("pk").values(j=named)),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(NewTeachingGroupIn, TeachingGroupOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Open a teaching group."""
        user = call.caller.user
        allow(policies.may_change_classes(user))
        facts = self._facts(user, self.body(call, NewTeachingGroupIn))
        subject = refer(queries.subjects_visible_to(user), facts.pop("subject"), "subject")
        school_class = refer(queries.visible_to(user), facts.pop("class", None), "class")
        year = refer(AcademicYear.objects.all(), facts.pop("year", None), "year")
        year = year or (school_class.year if school_class else queries.current_year())
        if year is None:
            raise problems.wrong({"year": ["The school has opened no year."]})
        made = services.open_teaching_group(
            year=year, subject=subject, school_class=school_class, by=user, at=clock.now(), **facts
        )
        return self.written(call, made, status=201)

    @schema.writes(TeachingGroupIn, TeachingGroupOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change a group's name, teachers or members."""
        user = call.caller.user
        group = self.find(call, id)
        allow(policies.may_change_classes(user))
        facts = self._facts(user, self.body(call, TeachingGroupIn, partial=True))
        return self.written(call, services.change_teaching_group(group=group, by=user, at=clock.now(), **facts))

    def _facts(self, user: User, facts: dict[str, Any]) -> dict[str, Any]:
        if "teachers" in facts:
            facts["teachers"] = refer_many(people.staff_visible_to(user), facts["teachers"], "teachers")
        if "members" in facts:
            facts["members"] = refer_many(people.visible_to(user), facts["members"], "members")
        return facts
