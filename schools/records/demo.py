"""What a demo school notes of some of its students: care, alerts, and what the guardians said to photos."""

from datetime import timedelta

from audit import recording as audit
from schools.people.models import Guardianship, Student
from schools.records.choices import Audience, Need, Purpose, Religion, Severity
from schools.records.models import Alert, Care, Consent
from tenants import demo
from tenants.demo import Stage

ALLERGIES = ("Groundnuts", "Bee stings", "Penicillin", "Dust", "Milk")
CONDITIONS = (
    ("Asthma: the inhaler is in the bag", "Salbutamol inhaler"), ("Sickle-cell trait: no long runs in the heat", ""),
    ("Epilepsy, well controlled", "Carbamazepine"), ("Short-sighted: sits in front", ""),
)  # fmt: skip
ALERTS = (
    ("Walks home alone", Severity.INFO, Audience.STAFF), ("Has an inhaler in the bag", Severity.WARN, Audience.STAFF),
    ("Collected by the grandmother alone", Severity.BAD, Audience.STAFF),
    ("Guardian asked for a talk", Severity.INFO, Audience.OFFICE),
)  # fmt: skip
BATCH = 1000


def load(stage: Stage) -> str:
    """About one student in eight has something to know; two guardians in three answered to photos."""
    chance = stage.chance("records")
    students = list(Student.objects.order_by("admission_key"))
    first: dict[object, Guardianship] = {}
    for tie in Guardianship.objects.order_by("call_order", "pk").select_related("guardian"):
        first.setdefault(tie.student_id, tie)
    cares, alerts, consents = [], [], []
    for student in students:
        if chance.random() < 0.12:
            conditions, medicines = chance.choice(CONDITIONS) if chance.random() < 0.6 else ("", "")
            cares.append(
                Care(
                    student=student, conditions=conditions, medicines=medicines,
                    allergies=chance.choice(ALLERGIES) if chance.random() < 0.6 else "",
                    blood_group=chance.choice(("O+", "A+", "B+", "AB+", "O-")),
                    need=Need.VISUAL if "Short-sighted" in conditions else Need.NONE,
                    religion=chance.choice((Religion.CRE, Religion.CRE, Religion.CRE, Religion.IRE)),
                )
            )  # fmt: skip
        if chance.random() < 0.03:
            text, severity, audience = chance.choice(ALERTS)
            alerts.append(Alert(student=student, text=text, severity=severity, audience=audience))
        known = first.get(student.pk)
        if known is not None and chance.random() < 0.66:
            at = stage.at - timedelta(days=chance.randrange(20, 120))
            consents += [
                Consent(
                    student=student, guardian=known.guardian, purpose=purpose, given=chance.random() < share,
                    on_paper=True, at=at,
                )
                for purpose, share in ((Purpose.PHOTO_SCHOOL, 0.98), (Purpose.PHOTO_PUBLIC, 0.8))
            ]  # fmt: skip
    Care.objects.bulk_create(cares, batch_size=BATCH)
    Alert.objects.bulk_create(alerts, batch_size=BATCH)
    Consent.objects.bulk_create(consents, batch_size=BATCH)
    counts = {"care": len(cares), "alerts": len(alerts), "consents": len(consents)}
    audit.record("records.taken_over", by=None, at=stage.at, changes=counts)
    return f"{len(cares)} care records, {len(alerts)} alerts, {len(consents)} consents"


demo.register("records", load, order=35)
