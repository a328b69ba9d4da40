"""The demo schools take students over from each other."""

from schools.transfers.queries import FACT
from tenants import demo, lifecycle
from tenants.demo import Stage


def load(stage: Stage) -> str:
    """On the list of those that others transfer to."""
    school = stage.school
    lifecycle.present(school_id=school.pk, name=school.name, facts={FACT: True}, by=None, at=stage.at)
    return "takes students over"


demo.register("transfers", load, order=38)
