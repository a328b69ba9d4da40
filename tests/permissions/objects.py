"""One of everything that a route may name, at one school."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from api.models import Client as OAuthClient
from core import clock
from identity import accounts
from schools.absences.models import Absence
from schools.academics.models import AcademicYear, Enrolment, Holiday
from schools.admissions import services as admissions
from schools.admissions.models import Application, Form
from schools.assessment.models import Assessment, Mark
from schools.attendance.models import AttendanceCode, AttendanceMark, Register
from schools.bulk.models import Action
from schools.curriculum.models import Block, Course, CourseTaken, Option, Version
from schools.details.models import House, OwnField
from schools.families import tokens as families_tokens
from schools.families.models import Campaign, Confirmation, Proposal
from schools.imports.models import Run
from schools.leaves.models import Employment, Leave, LeaveType
from schools.messaging import models as messaging
from schools.papers import services as papers
from schools.papers import tokens
from schools.papers.models import Batch, Template
from schools.people.models import Guardianship, StudentIdentifier
from schools.records import services as records
from schools.rollover.models import Sweep
from schools.transfers.models import Transfer
from tenants import context
from tenants.models import Copy, CopyKind, CopyState
from tests.cast import Company


def make(company: Company) -> dict[str, str]:
    """The id of each, by the name that the table uses."""
    with context.in_school(company.school):
        at = clock.now()
        program = accounts.service_account(name="Reports", roles=["registrar"], by=None, at=at)
        key, _secret = accounts.issue_key(user=program, name="Reports", scopes=["students:read"], by=None, at=at)
        client = OAuthClient.objects.create(
            name="Reports", user=program, client_type="confidential", authorization_grant_type="client-credentials"
        )
        paper = Assessment.objects.create(
            name="Mid-term", subject=company.maths, school_class=company.east, term=company.term, scale=company.scale,
            maximum=Decimal(50), date=date(2026, 6, 10),
        )  # fmt: skip
        mark = Mark.objects.create(
            assessment=paper, student=company.amani, score=Decimal(41), grade="EE", entered_at=at
        )
        register = Register.objects.create(school_class=company.east, date=date(2026, 6, 15))
        absence = Absence.objects.create(
            student=company.amani, starts_on=date(2026, 6, 18), ends_on=date(2026, 6, 19), why="A wedding",
            asked_by=company.guardian,
        )  # fmt: skip
        code = AttendanceCode.objects.create(
            code="SING", name="Choir", counts_as="P", direction="in", scope="onsite", order=20
        )
        office = AttendanceMark.objects.create(
            register=register, student=company.brian, code="E", marked_by=company.head, marked_at=at, by_office=True
        )
        return {
            "absence": str(absence.pk),
            "code": str(code.pk),
            "office_mark": str(office.pk),
            "student": str(company.amani.pk),
            "classmate": str(company.brian.pk),
            "household": str(company.household.pk),
            "guardian": str(company.rose.pk),
            "staff": str(company.teacher_staff.pk),
            "class": str(company.east.pk),
            "group": str(company.maths_group.pk),
            "subject": str(company.maths.pk),
            "term": str(company.term.pk),
            "enrolment": str(Enrolment.objects.get(student=company.amani).pk),
            "guardianship": str(Guardianship.objects.get(student=company.amani).pk),
            "number": str(StudentIdentifier.objects.get(student=company.amani).pk),
            "register": str(register.pk),
            "assessment": str(paper.pk),
            "mark": str(mark.pk),
            "scale": str(company.scale.pk),
            "key": str(key.pk),
            "client": str(client.client_id),
            "export": _export(company),
            "year": str(company.year.pk),
            "level": str(company.east.grade_level_id),
            "stream": str(company.east.stream_id),
            "holiday": str(
                Holiday.objects.create(name="Fair", starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 1)).pk
            ),
            "sweep": str(_sweep(company)),
            **_admissions(company),
            **_records(company),
            **_papers(company),
            **_messaging(company),
            **_details(company),
            **_curriculum(company),
            "transfer": str(
                Transfer.objects.create(
                    way="out",
                    student=company.brian,
                    name="Brian Otieno",
                    school_name="Hill School",
                    last_day=date(2026, 6, 30),
                ).pk
            ),
            **_leaves(company),
            **_families(company),
            "bulk": str(Action.objects.create(kind="people.change", said="2 students changed", done_at=at).pk),
            "run": str(Run.objects.create(importer="students", file_name="roll.csv", asked_by=company.registrar).pk),
        }


def _sweep(company: Company) -> UUID:
    after = AcademicYear.objects.create(name="2027", starts_on=date(2027, 1, 4), ends_on=date(2027, 12, 31))
    return Sweep.objects.create(from_year=company.year, to_year=after).pk


def _admissions(company: Company) -> dict[str, str]:
    at = clock.now()
    form = admissions.open_form(name="Grade 6", year=company.year, opens_on=date(2026, 1, 1), by=None, at=at)
    Form.objects.filter(pk=form.pk).update(is_published=True)
    application = admissions.enquire(
        form=form, first_name="Neema", last_name="Wekesa", phone="", email="", grade_level=company.east.grade_level,
        by=None, at=at,
    )  # fmt: skip
    Application.objects.filter(pk=application.pk).update(stage="applied")
    return {"form": str(form.pk), "application": str(application.pk), "application_key": application.key}


def _records(company: Company) -> dict[str, str]:
    at = clock.now()
    alert = records.add_alert(
        student=company.amani, text="Walks home alone", severity="info", audience="staff", by=None, at=at
    )
    document = records.add_document(
        person=company.amani, kind="birth_certificate", name="", content=b"%PDF-1.7 small", by=None, at=at
    )
    consent = records.answer(
        student=company.amani, purpose="photo_public", given=True, guardian=company.rose, on_paper=True, by=None, at=at
    )
    return {"alert": str(alert.pk), "document": str(document.pk), "consent": str(consent.pk)}


def _families(company: Company) -> dict[str, str]:
    campaign = Campaign.objects.create(name="2026", until=date(2099, 12, 31))
    asked = Confirmation.objects.create(campaign=campaign, guardian=company.rose)
    proposal = Proposal.objects.create(
        guardian=company.rose, about="guardian", object_id=company.rose.pk, field="email", value="rose@example.com"
    )
    return {
        "round": str(campaign.pk), "proposal": str(proposal.pk), "confirm_token": families_tokens.token_of(asked.pk),
    }  # fmt: skip


def _leaves(company: Company) -> dict[str, str]:
    kind = LeaveType.objects.create(name="Duty abroad", days=Decimal(10))
    day = date(2099, 6, 1)
    staff = company.teacher_staff
    return {
        "leave_type": str(kind.pk),
        "leave": str(Leave.objects.create(staff=staff, type=kind, starts_on=day, ends_on=day, days=1).pk),
        "employment": str(Employment.objects.create(staff=staff, job_title="Teacher", starts_on=date(2020, 1, 6)).pk),
    }


def _curriculum(company: Company) -> dict[str, str]:
    day = clock.today()
    version = Version.objects.create(curriculum="other", name="Ours", standing="draft")
    block = Block.objects.create(name="Arts", year=company.year, levels=["G6"], opens_on=day, closes_on=day)
    course = Course.objects.create(programme="Certificate", code="C1", name="Beginnings", credits=1)
    return {
        "version": str(version.pk),
        "block": str(block.pk),
        "option": str(Option.objects.create(block=block, name="Music").pk),
        "course": str(course.pk),
        "taken": str(CourseTaken.objects.create(course=course, student=company.amani, term=company.term).pk),
    }


def _messaging(company: Company) -> dict[str, str]:
    audience = [{"key": "class", "value": str(company.east.pk)}]
    said = {"audience": audience, "readers": ["guardians"], "written_by": company.head}
    message = messaging.Message.objects.create(title="Trip", body="On Friday", channels=["in_app"], **said)
    inbox = messaging.Delivery.objects.create(
        message=message, channel="in_app", address=str(company.guardian.pk), name="Rose", user=company.guardian,
        text="On Friday", state="delivered",
    )  # fmt: skip
    notice = messaging.Announcement.objects.create(title="Trip", body="On Friday", from_day=date(2026, 1, 5), **said)
    return {
        "message": str(message.pk),
        "inbox": str(inbox.pk),
        "notice": str(notice.pk),
        "text": str(messaging.Template.objects.get(name="Meeting").pk),
    }


def _details(company: Company) -> dict[str, str]:
    field = OwnField.objects.create(key="club", label="Club", kind="text")
    return {"house": str(House.objects.create(name="Simba").pk), "own_field": str(field.pk)}


def _papers(company: Company) -> dict[str, str]:
    at = clock.now()
    card = papers.issue_cards(students=[company.amani], by=None, at=at)[0]
    template = Template.objects.get(name="Confirmation of enrolment")
    letter = papers.issue(template=template, student=company.amani, shared=True, by=None, at=at)
    return {
        "card_token": tokens.token_of(tokens.CARD, card.pk),
        "template": str(template.pk),
        "letter": str(letter.pk),
        "batch": str(Batch.objects.create(kind="labels", title="Labels", ids=[]).pk),
    }


def _export(company: Company) -> str:
    name = f"{company.school.pk}/mwangaza-export.zip"
    storages["archives"].delete(name)
    storages["archives"].save(name, ContentFile(b"PK"))
    with context.in_public():
        made = Copy.objects.create(
            kind=CopyKind.EXPORT, state=CopyState.DONE, school_id=company.school.pk, file=name, bytes=2
        )
    return str(made.pk)
