"""The letters that every school writes, in English and in Kiswahili."""

from datetime import datetime

from identity.models import Language
from schools.papers.choices import LetterKind
from schools.papers.models import Template
from tenants.models import School

TEXTS: tuple[tuple[LetterKind, str, str, str, str], ...] = (
    (
        LetterKind.LEAVING, "School leaving certificate", Language.ENGLISH, "School leaving certificate",
        "This is to certify that **{student}**, admission number {admission_number}, born on {date_of_birth}, was a "
        "learner of {school} from {admitted_on} to {left_on}.\n\nThe last class attended was **{class}**.\n\n"
        "We wish {first_name} well in all that follows.",
    ),
    (
        LetterKind.TRANSFER, "Transfer letter", Language.ENGLISH, "Transfer of {student}",
        "To the head of the receiving school\n\n**{student}**, admission number {admission_number}, born on "
        "{date_of_birth}, is a learner of {school} in **{class}** and is released to join your school.\n\n"
        "The learner's records are handed over with this letter. Please confirm the admission to us in writing.",
    ),
    (
        LetterKind.RECOMMENDATION, "Recommendation", Language.ENGLISH, "Recommendation of {student}",
        "To whom it may concern\n\n**{student}** has been a learner of {school} since {admitted_on}, and is in "
        "**{class}**.\n\nWe know {first_name} as a learner whom we recommend without reserve.",
    ),
    (
        LetterKind.ENROLMENT, "Confirmation of enrolment", Language.ENGLISH, "Confirmation of enrolment",
        "We confirm that **{student}**, admission number {admission_number}, is enrolled at {school} in **{class}**.",
    ),
    (
        LetterKind.ADMISSION, "Letter of admission", Language.ENGLISH, "Admission of {student}",
        "Dear {guardian}\n\nWe are glad to admit **{student}** to {school}, in **{class}**, under the admission number "
        "**{admission_number}**.\n\nPlease bring:\n\n- the birth certificate\n- the last report\n- one passport photo",
    ),
    (
        LetterKind.LEAVING, "Cheti cha kuondoka shuleni", Language.KISWAHILI, "Cheti cha kuondoka shuleni",
        "Hii ni kuthibitisha kwamba **{student}**, nambari ya usajili {admission_number}, aliyezaliwa {date_of_birth}, "
        "alikuwa mwanafunzi wa {school} kuanzia {admitted_on} hadi {left_on}.\n\nDarasa la mwisho lilikuwa "
        "**{class}**.\n\nTunamtakia {first_name} kila la heri.",
    ),
    (
        LetterKind.TRANSFER, "Barua ya uhamisho", Language.KISWAHILI, "Uhamisho wa {student}",
        "Kwa mkuu wa shule inayompokea\n\n**{student}**, nambari ya usajili {admission_number}, aliyezaliwa "
        "{date_of_birth}, ni mwanafunzi wa {school} katika **{class}** na ameruhusiwa kujiunga na shule yako.\n\n"
        "Rekodi za mwanafunzi zinakabidhiwa pamoja na barua hii. Tafadhali thibitisha usajili wake kwa maandishi.",
    ),
    (
        LetterKind.ENROLMENT, "Uthibitisho wa usajili", Language.KISWAHILI, "Uthibitisho wa usajili",
        "Tunathibitisha kwamba **{student}**, nambari ya usajili {admission_number}, amesajiliwa katika {school}, "
        "darasa la **{class}**.",
    ),
)  # fmt: skip


def sow(school: School, at: datetime) -> None:
    """Put in those whose name is not there yet."""
    known = set(Template.objects.values_list("name", flat=True))
    Template.objects.bulk_create(
        Template(kind=kind, name=name, language=language, title=title, body=body)
        for kind, name, language, title, body in TEXTS
        if name not in known
    )
