"""Letters and cards that a demo school gave out."""

from schools.papers import services
from schools.papers.models import Template
from schools.people.choices import StudentStatus
from schools.people.models import Student
from tenants import demo
from tenants.demo import Stage

LETTERS, CARDS = 4, 24


def load(stage: Stage) -> str:
    """A few confirmations of enrolment, one of them shown to the family, and the first cards."""
    students = list(Student.objects.filter(status=StudentStatus.ENROLLED).order_by("admission_key")[:CARDS])
    template = Template.objects.filter(name="Confirmation of enrolment").first()
    letters = 0
    for student in students[:LETTERS] if template is not None else ():
        assert template is not None
        services.issue(template=template, student=student, shared=letters == 0, by=None, at=stage.at)
        letters += 1
    cards = services.issue_cards(students=students, by=None, at=stage.at)
    return f"{letters} letters, {len(cards)} cards"


demo.register("papers", load, order=70)
