"""What the staff of a demo school are employed as, and the leave of some of them."""

from datetime import date, timedelta

from audit import recording as audit
from schools.leaves import calendar, services
from schools.leaves.choices import Employer, State, Terms
from schools.leaves.models import Employment, Leave, LeaveType
from schools.people.models import Staff
from tenants import demo
from tenants.demo import Stage

DEPARTMENTS = ("Languages", "Sciences", "Humanities", "Mathematics", "Technical")
WHYS = ("Family in Kitale", "Medical check", "Wedding of my brother", "Course at the university", "")


def load(stage: Stage) -> str:
    """Everybody has an employment; some were on leave this year, one asks for it, one is away today."""
    chance = stage.chance("leaves")
    services.add_usual_types(by=None, at=stage.at)
    annual = LeaveType.objects.filter(days=21).first()
    staff = list(Staff.objects.order_by("staff_number"))
    posts = [
        Employment(
            staff=one, job_title=one.job_title or "Teacher",
            department=chance.choice(DEPARTMENTS) if "eacher" in (one.job_title or "eacher") else "",
            terms=Terms.PERMANENT if chance.random() < 0.8 else Terms.CONTRACT,
            employer=Employer.TSC if one.tsc_number else Employer.BOARD,
            starts_on=one.employed_on or date(2022, 1, 4),
        )
        for one in staff
    ]  # fmt: skip
    Employment.objects.bulk_create(posts)
    leaves = []
    today = stage.at.date()
    for n, one in enumerate(staff if annual else ()):
        if n % 3 and n > 2:
            continue
        first = today + timedelta(days=(0, 21, -60)[n % 3] if n < 3 else -chance.randrange(30, 120))
        first -= timedelta(days=first.weekday())
        last = first + timedelta(days=chance.choice((0, 2, 4)) if n else 4)
        assert annual is not None
        leaves.append(
            Leave(
                staff=one, type=annual, starts_on=first, ends_on=last, why=chance.choice(WHYS),
                days=calendar.days_of(first, last, annual.counting),
                state=State.ASKED if n == 1 else State.APPROVED, decided_at=None if n == 1 else stage.at,
            )
        )  # fmt: skip
    Leave.objects.bulk_create(leaves)
    counts = {"employments": len(posts), "leaves": len(leaves)}
    audit.record("leaves.taken_over", by=None, at=stage.at, changes=counts)
    return f"{len(posts)} employments, {len(leaves)} leaves"


demo.register("leaves", load, order=37)
