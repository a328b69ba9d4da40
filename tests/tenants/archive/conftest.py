"""A school with a file and a mark, in a database where what is done stays done."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction

from audit import chain
from audit import recording as audit
from core import clock, storage
from schools.assessment.models import Assessment, Mark
from tenants import context, resolve
from tenants.models import School
from tests import cast as people


@pytest.fixture
def school(own_database: str) -> Iterator[School]:
    """Mwangaza School with a logo, an assessment with a mark, and a sealed trail."""
    resolve.forget_all()
    everyone = people.read()
    company = everyone.mwangaza
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_job")
    with context.in_school(company.school), transaction.atomic():
        storage.save("open/logo.png", b"\x89PNG picture")
        storage.save("people/letter.txt", "Karibu, Amani; \u201cquoted\u201d".encode())
        paper = Assessment.objects.create(
            name="Mid-term, \"one\"\nof two", subject=company.maths, school_class=company.east, term=company.term,
            scale=company.scale, maximum=Decimal(50), date=people.TODAY,
        )  # fmt: skip
        Mark.objects.create(
            assessment=paper, student=company.amani, score=Decimal("41.5"), grade="EE", entered_at=clock.now()
        )
        audit.record("school.presented", by=company.head, at=clock.now(), changes={"motto": ["", "Nuru"]})
        while chain.seal():
            pass
    yield company.school
    connection.close()


@pytest.fixture
def copy(school: School, tmp_path: Path) -> Path:
    """The school's whole archive."""
    from tenants.archive import writing

    path = tmp_path / "mwangaza.zip"
    writing.write(path, school, at=clock.now())
    return path
