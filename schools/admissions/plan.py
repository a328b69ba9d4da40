"""What the office decides when it admits: number, class, first day."""

from dataclasses import dataclass
from datetime import date

from schools.academics.models import SchoolClass


@dataclass(frozen=True, slots=True)
class Plan:
    """Under which number a student is admitted, into which class, from which day."""

    admission_number: str
    school_class: SchoolClass
    on: date
