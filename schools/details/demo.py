"""What a demo school asks of its students: four houses, two fields of its own, some tags, and its numbers' pattern."""

from typing import Any

from audit import recording as audit
from schools.details import services
from schools.details.choices import Audience, Colour, FieldKind
from schools.details.models import Details
from schools.people.models import Student
from tenants import demo
from tenants.demo import Stage

HOUSES = (
    ("Kenya", Colour.RED), ("Elgon", Colour.GREEN), ("Longonot", Colour.BLUE), ("Kilimanjaro", Colour.YELLOW),
)  # fmt: skip
TAGS = ("Bursary", "Choir", "Scouts", "Football team")
WAYS = ("School bus", "On foot", "Matatu", "Parent’s car")
SCHOOLS = ("Sunrise Academy", "Uhuru Primary", "St Mary’s Primary", "Hill View Academy", "Lakeside Primary")
BATCH = 1000


def load(stage: Stage) -> str:
    """Everybody has a house; one in five comes from another school; one in eight has a tag."""
    chance = stage.chance("details")
    houses = [services.save_house(house=None, name=n, colour=c, by=None, at=stage.at) for n, c in HOUSES]
    ask: dict[str, Any] = {"help_text": "", "required": False, "retired": False, "by": None, "at": stage.at}
    services.save_field(
        field=None, label="Way to school", kind=FieldKind.ONE_OF, options=WAYS, audience=Audience.FAMILY, place=1, **ask
    )
    services.save_field(
        field=None, label="Club", kind=FieldKind.TEXT, options=(), audience=Audience.STAFF, place=2, **ask
    )
    rows = []
    for n, student in enumerate(Student.objects.order_by("admission_key")):
        rows.append(
            Details(
                student=student, house=houses[n % len(houses)],
                previous_school=chance.choice(SCHOOLS) if chance.random() < 0.2 else "",
                tags=[chance.choice(TAGS)] if chance.random() < 0.125 else [],
                answers={"way_to_school": chance.choice(WAYS)} if chance.random() < 0.8 else {},
            )
        )  # fmt: skip
    Details.objects.bulk_create(rows, batch_size=BATCH)
    audit.record("details.taken_over", by=None, at=stage.at, changes={"details": len(rows)})
    return f"{len(houses)} houses, details of {len(rows)} students"


demo.register("details", load, order=36)
