"""What a new school finds: this year with its three terms, the ladder of grades, the learning areas."""

from datetime import date, datetime

from django.utils import timezone

from audit import recording as audit
from schools.academics import catalogue
from schools.academics.models import AcademicYear, GradeLevel, Subject, Term
from tenants.models import School


def sow(school: School, at: datetime) -> None:
    """Lay the country's calendar around the current year, and give every grade level and learning area a row."""
    number = timezone.localdate(at).year
    spans = catalogue.terms(number)
    year = AcademicYear.objects.create(
        name=str(number),
        starts_on=min(date(number, 1, 1), spans[0].starts_on),
        ends_on=max(date(number, 12, 31), spans[-1].ends_on),
    )
    Term.objects.bulk_create(
        Term(
            year=year,
            number=place,
            name=span.name,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            half_term_starts_on=span.half_term[0] if span.half_term else None,
            half_term_ends_on=span.half_term[1] if span.half_term else None,
        )
        for place, span in enumerate(spans, 1)
    )
    GradeLevel.objects.bulk_create(
        GradeLevel(name=level.name, code=level.code, order=place, curriculum=level.curriculum)
        for place, level in enumerate(catalogue.grade_levels(), 1)
    )
    Subject.objects.bulk_create(
        Subject(name=area.name, code=area.code, short_name=area.short, order=place, curriculum=area.curriculum)
        for place, area in enumerate(catalogue.learning_areas(), 1)
    )
    audit.record("year.opened", on=year, by=None, at=at, changes={"terms": [str(span.name) for span in spans]})
