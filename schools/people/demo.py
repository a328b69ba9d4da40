"""The people of a demo school: staff with their accounts, households, guardians, students and their numbers."""

from datetime import date

from django.contrib.auth.hashers import make_password

from audit import recording as audit
from core import text
from core.errors import Conflict
from identity.models import User
from schools.demo import calendar, plan, roll
from schools.people.choices import Boarding
from schools.people.models import Guardian, Guardianship, Household, Staff, Student, StudentIdentifier
from tenants import demo
from tenants.demo import Stage

FIRST_AGE = {"mwangaza": 4, "baraka": 14}
BATCH = 1000


def load(stage: Stage) -> str:
    """Employ the staff and put every family on the roll; raises Conflict at a school with students of its own."""
    if Student.objects.exists():
        raise Conflict(f"{stage.school.name} has students of its own: the demo needs an address that is free.")
    school = roll.PLANS[stage.kind]
    workers = _staff(stage, school)
    families = roll.families(school, stage.scale)
    households = [
        Household(name=found.name, address=found.address, town=found.town, county=found.county) for found in families
    ]
    Household.objects.bulk_create(households, batch_size=BATCH)
    guardians: list[Guardian] = []
    students: list[Student] = []
    links: list[Guardianship] = []
    numbers: list[StudentIdentifier] = []
    year = calendar.lay(stage.today)
    for family, household in zip(families, households, strict=True):
        adults = [_guardian(adult, household) for adult in family.adults]
        children = [_student(child, household, school, year) for child in family.children]
        guardians += adults
        students += children
        links += [
            _link(student, guardian, adult, order)
            for student in children
            for order, (guardian, adult) in enumerate(zip(adults, family.adults, strict=True), start=1)
        ]
        for student, child in zip(children, family.children, strict=True):
            numbers += [_identifier(student, *found) for found in child.identifiers]
    _let_in(school, guardians, students)
    Guardian.objects.bulk_create(guardians, batch_size=BATCH)
    Student.objects.bulk_create(students, batch_size=BATCH)
    Guardianship.objects.bulk_create(links, batch_size=BATCH)
    StudentIdentifier.objects.bulk_create(numbers, batch_size=BATCH)
    counts = {"students": len(students), "guardians": len(guardians), "households": len(households)}
    audit.record("people.taken_over", by=None, at=stage.at, changes={**counts, "staff": workers})
    return f"{len(students)} students, {len(guardians)} guardians, {workers} staff"


def _staff(stage: Stage, school: plan.SchoolPlan) -> int:
    """Everybody who works here; whoever has a role gets an account, the head keeps the invited one."""
    invited = User.objects.filter(username=stage.school.head_email).first() if stage.school.head_email else None
    users: list[User] = []
    staff: list[Staff] = []
    for worker in roll.staff(school):
        name = f"{worker.first} {worker.last}"
        mail = f"{plan.username(name)}@{school.mail}"
        user = None
        if worker.plan.roles:
            is_head = "head" in worker.plan.roles
            user = invited if is_head and invited else _user(school, "head" if is_head else "", name, worker.plan.roles)
            user.email, user.phone = mail, worker.phone
            if user is not invited:
                users.append(user)
        person = Staff(
            first_name=worker.first,
            last_name=worker.last,
            staff_number=worker.number,
            tsc_number=worker.tsc_number,
            sex=worker.sex,
            job_title=worker.plan.title,
            phone=worker.phone,
            email=mail if user else "",
            employed_on=date(
                calendar.lay(stage.today).starts_on.year - stage.chance(worker.number).randint(1, 14), 1, 5
            ),
            user=user,
        )
        person.refresh_search()
        staff.append(person)
    User.objects.bulk_create(users)
    Staff.objects.bulk_create(staff)
    return len(staff)


def _user(school: plan.SchoolPlan, role: str, name: str, roles: tuple[str, ...]) -> User:
    """An account that nobody can enter until it gets a password."""
    username = school.users[role] if role else plan.username(name)
    return User(username=username, full_name=name, roles=list(roles), password=make_password(None))


def _let_in(school: plan.SchoolPlan, guardians: list[Guardian], students: list[Student]) -> None:
    """Give the guardian and the student whom the demo shows an account each."""
    made: list[User] = []
    for role, people in (("guardian", guardians), ("student", students)):
        person = next(found for found in people if plan.username(found.short_name) == school.users[role])
        user = _user(school, role, person.short_name, (role,))
        if isinstance(person, Guardian):
            user.phone, user.language = person.phone, person.language
        person.user = user
        made.append(user)
    User.objects.bulk_create(made)


def _guardian(adult: roll.Adult, household: Household) -> Guardian:
    lives_apart = adult.relationship == "aunt_uncle"
    guardian = Guardian(
        first_name=adult.first,
        last_name=adult.last,
        phone=adult.phone,
        email=adult.email,
        language=adult.language,
        household=None if lives_apart else household,
    )
    guardian.refresh_search()
    return guardian


def _student(child: roll.Child, household: Household, school: plan.SchoolPlan, year: calendar.Calendar) -> Student:
    month, day = child.born
    born = date(year.starts_on.year - child.age, month, day)
    opened = {"this year": year.starts_on, "term 2": year.terms[1].starts_on}
    years_here = max(1, min(child.age - FIRST_AGE[school.kind], (int(child.admission_number[-2:]) % 4) + 1))
    student = Student(
        admission_number=child.admission_number,
        first_name=child.first,
        middle_name=child.middle,
        last_name=child.last,
        date_of_birth=born,
        sex=child.sex,
        boarding=Boarding.BOARDER if school.boarding else Boarding.DAY,
        admitted_on=opened.get(child.came) or date(year.starts_on.year - years_here, 1, 8),
        nationality="Kenyan",
        county=child.county,
        household=household,
    )
    student.refresh_search()
    return student


def _link(student: Student, guardian: Guardian, adult: roll.Adult, order: int) -> Guardianship:
    return Guardianship(
        student=student,
        guardian=guardian,
        relationship=adult.relationship,
        call_order=order,
        sees_portal=adult.sees_portal,
        may_collect=adult.may_collect,
        gets_messages=adult.gets_messages,
    )


def _identifier(student: Student, kind: str, value: str, verified: bool) -> StudentIdentifier:
    return StudentIdentifier(
        student=student, type=kind, value=value, match=text.match_form(value)[:60], verified=verified
    )


demo.register("people", load, order=10)
