"""/students/ — the roll of the school."""

from typing import Any

from django.db.models import F, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.decorators import action

from api import bodies, filters, schema
from api.door import Call, allow
from api.rendering import Listed, Moment, Row, short_name
from api.resource import Resource, base_of, not_found, refer
from core import clock
from identity.models import User
from schools.academics import policies as academics_policies
from schools.academics import queries as academics
from schools.academics import services as academics_services
from schools.academics.models import Enrolment
from schools.people import choices, policies, queries, services
from schools.people.models import Guardianship, Photo, Student

PHOTO_WIDTH = 256


class StudentGuardianOut(bodies.Out):
    """One of the people who answer for a student, in the order they are called."""

    id = serializers.UUIDField(source="guardian_id")
    name = serializers.CharField(source="guardian.short_name")
    relationship = serializers.ChoiceField(choices=choices.Relationship.choices)


class StudentOut(bodies.Out):
    """A student."""

    id = serializers.UUIDField()
    admission_number = serializers.CharField()
    first_name = serializers.CharField()
    middle_name = serializers.CharField()
    last_name = serializers.CharField()
    date_of_birth = serializers.DateField(allow_null=True)
    sex = serializers.ChoiceField(choices=choices.Sex.choices)
    status = serializers.ChoiceField(choices=choices.StudentStatus.choices)
    boarding = serializers.ChoiceField(choices=choices.Boarding.choices)
    admitted_on = serializers.DateField(allow_null=True)
    class_ = bodies.Reference(source="current_class", allow_null=True, help_text="The class now, or null.")
    guardians = StudentGuardianOut(many=True, source="visible_guardianships")
    photo_url = serializers.URLField(allow_null=True, help_text="Redirects to the photo; null where there is none.")
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class StudentIn(bodies.In):
    """What may be said of a student."""

    admission_number = bodies.Text(max_length=30)
    first_name = bodies.Text(max_length=80)
    middle_name = bodies.Text(max_length=80, required=False, allow_blank=True)
    last_name = bodies.Text(max_length=80, required=False, allow_blank=True)
    date_of_birth = bodies.Day(required=False, allow_null=True)
    sex = serializers.ChoiceField(choices=choices.Sex.choices, required=False)
    boarding = serializers.ChoiceField(choices=choices.Boarding.choices, required=False)
    admitted_on = bodies.Day(required=False, allow_null=True)


class NewStudentIn(StudentIn):
    """A student to admit, and the class to begin in."""

    class_ = bodies.Ref(required=False, help_text="The class that the student joins on `admitted_on`.")


class Students(Resource):
    """The roll."""

    resource = "students"
    model = Student
    out = StudentOut
    filters = {
        "status": filters.word("Where the student stands.", choices.StudentStatus.choices, filters.by("status")),
        "sex": filters.word("As on the birth certificate.", choices.Sex.choices, filters.by("sex")),
        "class": filters.identifier(
            "Who is in this class now.",
            lambda rows, value: rows.filter(
                pk__in=Enrolment.objects.filter(school_class=value, ends_on=None).values("student")
            ),
        ),
        "guardian": filters.identifier(
            "Whose guardian this is.",
            lambda rows, value: rows.filter(pk__in=Guardianship.objects.filter(guardian=value).values("student")),
        ),
        "admission_number": filters.text("Exactly this admission number.", filters.by("admission_number")),
        "updated_since": filters.moment("Changed at this moment or later.", filters.by("updated_at__gte")),
    }
    search_about = "Names, admission number, official numbers, or a guardian's phone."
    orderings = {
        "first_name": "first_name",
        "last_name": "last_name",
        "admission_number": "admission_number",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    ordering = ("first_name", "last_name")
    field_names = {"school_class": "class", "on": "admitted_on"}

    def rows(self, user: User) -> Any:
        """All, one's classes', one's children, or oneself."""
        return queries.visible_to(user)

    def search(self, rows: Any, words: str) -> Any:
        """As `search_about` says."""
        return queries.search_students(rows, words)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `StudentOut`."""
        current = Enrolment.objects.filter(student=OuterRef("pk"), ends_on=None).order_by()
        ties = Guardianship.objects.filter(student=OuterRef("pk"))
        if not policies.sees_all(user):
            ties = ties.filter(pk__in=queries.guardianships_visible_to(user).order_by().values("pk"))
        photo = Photo.objects.filter(student=OuterRef("pk"), state=choices.PhotoState.READY)
        address = Concat(
            Value(f"{base}/api/v1/students/"),
            Cast("student_id", TextField()),
            Value("/photo/"),
            output_field=TextField(),
        )
        return {
            "id": F("pk"),
            "admission_number": F("admission_number"),
            "first_name": F("first_name"),
            "middle_name": F("middle_name"),
            "last_name": F("last_name"),
            "date_of_birth": F("date_of_birth"),
            "sex": F("sex"),
            "status": F("status"),
            "boarding": F("boarding"),
            "admitted_on": F("admitted_on"),
            "class": Subquery(current.values(j=Row(id=F("school_class_id"), name=F("school_class__name")))),
            "guardians": Listed(
                ties.order_by("call_order", "pk").values(
                    j=Row(
                        id=F("guardian_id"),
                        name=short_name("guardian__"),
                        relationship=F("relationship"),
                    )
                )
            ),
            "photo_url": Subquery(photo.values(u=address)),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(NewStudentIn, StudentOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Put a student on the roll, and into a class where one is named."""
        allow(policies.may_admit(call.caller.user))
        facts = self.body(call, NewStudentIn)
        by, at = call.caller.user, clock.now()
        school_class = refer(academics.visible_to(by), facts.pop("class", None), "class")
        if school_class is not None:
            allow(academics_policies.may_enrol(by))
        student = services.admit(by=by, at=at, **facts)
        if school_class is not None:
            on = student.admitted_on or clock.today()
            academics_services.enrol(student=student, school_class=school_class, on=on, by=by, at=at)
        return self.written(call, student, status=201)

    @schema.writes(StudentIn, StudentOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change what is said of a student."""
        student = self.find(call, id)
        allow(policies.may_change_student(call.caller.user))
        facts = self.body(call, StudentIn, partial=True)
        student = services.change_student(student=student, by=call.caller.user, at=clock.now(), **facts)
        return self.written(call, student)

    @schema.redirects("The student's photo")
    @action(detail=True, methods=["get"])
    def photo(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Go to the photo, at an address that expires."""
        student = self.find(call, id)
        address = queries.photo_url(queries.photo_of(student), PHOTO_WIDTH)
        if not address:
            raise not_found()
        headers = {"Location": f"{base_of(call.request)}{address}", "Cache-Control": "private, max-age=300"}
        return HttpResponse(status=302, headers=headers)
