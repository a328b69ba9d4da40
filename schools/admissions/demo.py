"""Families who apply to a demo school: some in every stage."""

import random
import secrets
from datetime import date, timedelta

from audit import recording as audit
from schools.academics import queries as academics
from schools.academics.models import SchoolClass
from schools.admissions import definition
from schools.admissions.choices import Source, Stage
from schools.admissions.models import Application, Event, Form
from schools.demo import names
from tenants import demo
from tenants.demo import Stage as Scene

NUMBERS = (
    (Stage.ENQUIRY, 3), (Stage.APPLIED, 7), (Stage.INTERVIEW, 4), (Stage.WAITING, 4), (Stage.OFFERED, 3),
    (Stage.ACCEPTED, 2), (Stage.DECLINED, 2), (Stage.WITHDRAWN, 1),
)  # fmt: skip


def load(scene: Scene) -> str:
    """One published form, and applications from the last five weeks."""
    year = academics.current_year(scene.today)
    classes = list(SchoolClass.objects.filter(year=year).select_related("grade_level").order_by("grade_level__order"))
    if year is None or not classes:
        return "no class to apply for"
    chance = scene.chance("admissions")
    form = Form.objects.create(
        name=f"Admission {year.name}", year=year, opens_on=scene.today - timedelta(days=60), is_published=True,
        welcome="Karibu! Fill in page by page; you can stop and go on later.", pages=definition.standard(),
    )  # fmt: skip
    rows: list[Application] = []
    for stage, number in NUMBERS:
        for _each in range(number):
            rows.append(_application(scene, form, stage, len(rows) + 1, chance, classes))
    Application.objects.bulk_create(rows)
    Event.objects.bulk_create(
        Event(application=row, kind=row.stage, text=str(Stage(row.stage).label), at=row.stage_since or scene.at)
        for row in rows
    )
    audit.record("admissions.taken_over", on=form, by=None, at=scene.at, changes={"applications": len(rows)})
    return f"{len(rows)} applications"


def _application(
    scene: Scene, form: Form, stage: Stage, number: int, chance: random.Random, classes: list[SchoolClass]
) -> Application:
    people, sex = names.community(chance), chance.choice("FM")
    last = chance.choice(people.male)
    first = names.first_name(chance, people, sex)
    wanted = chance.choice(classes[: max(4, len(classes) // 2)])
    sent = scene.at - timedelta(days=chance.randrange(3, 36), minutes=chance.randrange(600))
    born = date(scene.today.year - 6 - wanted.grade_level.order, chance.randrange(1, 13), chance.randrange(1, 28))
    phone = f"+2547{chance.randrange(10**7, 10**8):08}"
    answers = {
        "first_name": first, "last_name": last, "date_of_birth": born.isoformat(),
        "sex": "Female" if sex == "F" else "Male", definition.LEVEL: str(wanted.grade_level_id),
        "guardian_first_name": names.first_name(chance, people, "F"), "guardian_last_name": last,
        "guardian_relationship": "Mother", "guardian_phone": phone, "town": "Nakuru",
        "previous_school": chance.choice(("Lakeview Primary", "St Mary’s", "Hillcrest Academy")),
    }  # fmt: skip
    marked = stage in (Stage.WAITING, Stage.OFFERED, Stage.ACCEPTED)
    return Application(
        form=form, pages=form.pages, key=secrets.token_urlsafe(32), reference=f"{form.year.name[:12]}-{number:04}",
        stage=stage, is_draft=False, source=Source.OFFICE if stage == Stage.ENQUIRY else Source.ONLINE, answers=answers,
        first_name=first, last_name=last, date_of_birth=born, grade_level=wanted.grade_level, submitted_at=sent,
        stage_since=sent + timedelta(days=2),
        offered_class=wanted if stage in (Stage.OFFERED, Stage.ACCEPTED) else None,
        offer_until=scene.today + timedelta(days=10) if stage == Stage.OFFERED else None,
        interview_at=scene.at + timedelta(days=3) if stage == Stage.INTERVIEW else None,
        interview_place="Room 2" if stage == Stage.INTERVIEW else "",
        marks={name: float(chance.randrange(40, 95)) for name in ("English", "Mathematics")} if marked else {},
    )  # fmt: skip


def follow(scene: Scene, moved: timedelta) -> None:
    """Move the days of forms, applications and offers with the calendar."""
    if not moved:
        return
    for form in Form.objects.all():
        form.opens_on += moved
        form.save()
    for row in Application.objects.exclude(submitted_at=None):
        for name in ("submitted_at", "stage_since", "interview_at", "offer_until"):
            moment = getattr(row, name)
            if moment is not None:
                setattr(row, name, moment + moved)
        row.save()


demo.register("admissions", load, order=80, follow=follow)
