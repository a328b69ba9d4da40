"""What of admissions a user may read; places, the line, and figures."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from core import text
from core.errors import NotFound
from identity.models import User
from schools.academics.models import Enrolment, GradeLevel, SchoolClass
from schools.admissions import definition, policies
from schools.admissions.choices import OPEN, Stage
from schools.admissions.models import Application, Event, Form
from schools.people.models import Guardian, Student

HOLDS = (Stage.OFFERED, Stage.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Places:
    """How many places a grade level has, and how many are taken or promised; None where a class has no limit."""

    level: GradeLevel
    places: int | None
    inside: int
    promised: int

    @property
    def left(self) -> int | None:
        """How many may still be offered."""
        return None if self.places is None else self.places - self.inside - self.promised


def visible_to(user: User) -> QuerySet[Application]:
    """Every application that was sent, for the office."""
    found = Application.objects.select_related("form__year", "grade_level", "offered_class", "student")
    return found.filter(is_draft=False) if policies.may_admit(user) else found.none()


def application_for(user: User, pk: UUID) -> Application:
    """One application; raises NotFound."""
    application = visible_to(user).filter(pk=pk).first()
    if application is None:
        raise NotFound("There is no such application.")
    return application


def forms_visible_to(user: User) -> QuerySet[Form]:
    """Every form, for the office."""
    found = Form.objects.select_related("year")
    return found if policies.may_admit(user) else found.none()


def form_for(user: User, pk: UUID) -> Form:
    """One form; raises NotFound."""
    form = forms_visible_to(user).filter(pk=pk).first()
    if form is None:
        raise NotFound("There is no such form.")
    return form


def open_forms(on: date) -> list[Form]:
    """The forms that anybody may fill in today."""
    return [form for form in Form.objects.filter(is_published=True).select_related("year") if form.is_open(on)]


def by_key(key: str) -> Application:
    """The application that a link names; raises NotFound."""
    application = Application.objects.select_related("form__year", "grade_level", "offered_class").filter(key=key[:43])
    found = application.first() if len(key) == 43 else None
    if found is None:
        raise NotFound("There is no such application.")
    return found


def levels_of(form: Form) -> dict[str, str]:
    """The grade levels that a form is for, id → name; without a choice, those that have a class that year."""
    chosen = GradeLevel.objects.filter(pk__in=form.levels)
    if not form.levels:
        chosen = GradeLevel.objects.filter(classes__year=form.year).distinct()
    return {str(level.pk): level.name for level in chosen.order_by("order")}


def search(found: QuerySet[Application], words: str) -> QuerySet[Application]:
    """Narrow by name, reference or e-mail."""
    for word in text.squash(words.replace("\0", ""))[:80].split():
        found = found.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(reference__icontains=word)
            | Q(email__icontains=word)
        )  # fmt: skip
    return found


def places_of(form: Form) -> list[Places]:
    """Places, learners and promises of each grade level of a form."""
    levels = list(GradeLevel.objects.filter(pk__in=levels_of(form)).order_by("order"))
    classes = SchoolClass.objects.filter(year=form.year, grade_level__in=levels).order_by()
    sums = {
        row["grade_level"]: row
        for row in classes.values("grade_level").annotate(
            places=Sum("capacity"), endless=Count("pk", filter=Q(capacity=None))
        )
    }
    inside = dict(
        Enrolment.objects.filter(school_class__in=classes.values("pk"), ends_on=None)
        .order_by()
        .values_list("school_class__grade_level")
        .annotate(n=Count("pk"))
    )
    promised = dict(
        Application.objects.filter(form__year=form.year, stage__in=HOLDS, student=None, grade_level__in=levels)
        .order_by()
        .values_list("grade_level")
        .annotate(n=Count("pk"))
    )
    return [
        Places(
            level,
            None if level.pk not in sums or sums[level.pk]["endless"] else sums[level.pk]["places"],
            inside.get(level.pk, 0),
            promised.get(level.pk, 0),
        )
        for level in levels
    ]


def places_for(application: Application) -> Places | None:
    """Places in the grade level that an application is for."""
    return next((row for row in places_of(application.form) if row.level.pk == application.grade_level_id), None)


def in_line(form: Form, level: UUID | None) -> list[Application]:
    """The waiting list of a grade level: places given by hand, then siblings of our students, marks, and time."""
    rows = list(
        Application.objects.filter(form__year=form.year, stage=Stage.WAITING, grade_level=level).select_related("form")
    )
    phones = {row.answers.get("guardian_phone", "") for row in rows} - {""}
    ours = set(
        Guardian.objects.filter(phone__in=phones, guardianships__student__status="enrolled").values_list(
            "phone", flat=True
        )
    )
    rows.sort(
        key=lambda row: (
            row.place_in_line is None,
            row.place_in_line or 0,
            row.answers.get("guardian_phone", "") not in ours,
            -(row.mean or 0),
            row.submitted_at,
        )
    )
    return rows


def doubles(application: Application) -> list[str]:
    """Students on the roll, and other applications, of the same name and birthday."""
    if not application.first_name or application.date_of_birth is None:
        return []
    same: dict[str, Any] = {
        "first_name__iexact": application.first_name, "last_name__iexact": application.last_name,
        "date_of_birth": application.date_of_birth,
    }  # fmt: skip
    students = [f"{s.full_name} · {s.admission_number}" for s in Student.objects.filter(**same)[:5]]
    others = Application.objects.filter(is_draft=False, **same).exclude(pk=application.pk)[:5]
    return [*students, *(f"{other.name} · {other.reference}" for other in others)]


def answered(application: Application) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Each page with its asked fields: label, answer, and the key of a file."""
    levels = levels_of(application.form)
    found = []
    for page in application.pages:
        lines = []
        for field in page["fields"]:
            key = field["key"]
            if key in application.files:
                lines.append((field["label"], application.files[key]["name"], key))
            elif definition.is_asked(field, application.answers) and application.answers.get(key):
                value = str(application.answers[key])
                lines.append((field["label"], levels.get(value, value) if key == definition.LEVEL else value, ""))
        found.append((page["title"], lines))
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """How admissions go for one form."""

    stages: list[tuple[str, int]]
    levels: list[tuple[str, int, int]]
    sources: list[tuple[str, int]]
    days_to_offer: float | None


def figures(form: Form) -> Figures:
    """Applications by stage, by grade level (all and admitted) and source; median days from sending to the offer."""
    rows = Application.objects.filter(form=form, is_draft=False).order_by()
    stages = dict(rows.values_list("stage").annotate(n=Count("pk")))
    levels = (
        rows.values("grade_level__name", "grade_level__order")
        .annotate(n=Count("pk"), admitted=Count("student"))
        .order_by("grade_level__order")
    )
    sources = Counter(dict(rows.values_list("source").annotate(n=Count("pk"))))
    offers = Event.objects.filter(application__form=form, kind="offered").annotate(sent=F("application__submitted_at"))
    days = [(at - sent).total_seconds() / 86400 for at, sent in offers.values_list("at", "sent") if sent]
    words = dict(Application._meta.get_field("source").flatchoices)
    return Figures(
        [(str(stage.label), stages.get(stage.value, 0)) for stage in Stage],
        [(row["grade_level__name"] or "–", row["n"], row["admitted"]) for row in levels],
        [(str(words[source]), number) for source, number in sources.items()],
        round(median(days), 1) if days else None,
    )


def waiting_for_office(user: User) -> dict[str, int]:
    """How many came in and nobody looked at, and how many offers run out this week."""
    if not policies.may_admit(user):
        return {}
    found = visible_to(user).filter(stage__in=OPEN)
    return dict(found.order_by().values_list("stage").annotate(n=Count("pk")))
