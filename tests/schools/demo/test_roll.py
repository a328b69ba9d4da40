"""Who is at the demo schools, at full size and without a database."""

from collections import Counter

import pytest

from schools.demo import roll

MWANGAZA, BARAKA = roll.PLANS["mwangaza"], roll.PLANS["baraka"]
PLANS = pytest.mark.parametrize("plan", [MWANGAZA, BARAKA], ids=["mwangaza", "baraka"])


def children(plan: roll.SchoolPlan) -> list[roll.Child]:
    return [child for family in roll.families(plan) for child in family.children]


def test_mwangaza_has_861_learners_in_22_classes_and_41_of_them_in_grade_6_east() -> None:
    sizes = Counter(child.class_name for child in children(MWANGAZA))
    assert sum(sizes.values()) == 861
    assert len(sizes) == 22
    assert sizes["Grade 6 East"] == 41


def test_baraka_has_about_900_girls_in_18_classes_of_two_curricula() -> None:
    sizes = Counter(child.class_name for child in children(BARAKA))
    assert sum(sizes.values()) == 902
    assert len(sizes) == 18
    assert {child.sex for child in children(BARAKA)} == {"F"}
    assert {found.level.curriculum for found in BARAKA.classes} == {"cbe", "844"}


@PLANS
def test_every_class_has_the_size_that_was_planned(plan: roll.SchoolPlan) -> None:
    sizes = Counter(child.class_name for child in children(plan))
    assert sizes == {found.name: found.size for found in plan.classes}


@PLANS
def test_numbers_and_phones_are_given_once(plan: roll.SchoolPlan) -> None:
    admission = [child.admission_number for child in children(plan)]
    assert len(set(admission)) == len(admission)
    numbers = [(kind, value) for child in children(plan) for kind, value, _seen in child.identifiers]
    assert len(set(numbers)) == len(numbers)
    phones = [adult.phone for family in roll.families(plan) for adult in family.adults]
    assert len(set(phones)) == len(phones)


@PLANS
def test_every_learner_has_an_adult_whom_the_school_may_call(plan: roll.SchoolPlan) -> None:
    assert all(family.adults and family.adults[0].gets_messages for family in roll.families(plan))


def test_siblings_are_in_different_grades_and_a_third_of_learners_have_one() -> None:
    together = [family.children for family in roll.families(MWANGAZA) if len(family.children) > 1]
    assert all(len({child.age for child in siblings}) == len(siblings) for siblings in together)
    assert 0.3 < sum(map(len, together)) / 861 < 0.65


def test_no_two_learners_of_a_class_have_the_same_first_and_last_name_but_for_very_few() -> None:
    names = Counter((child.class_name, child.first, child.last) for child in children(MWANGAZA))
    assert sum(count - 1 for count in names.values()) == 0


def test_the_family_of_the_pictures_is_there() -> None:
    family = next(found for found in roll.families(MWANGAZA) if found.name == "Barasa family")
    amani, zawadi = family.children
    assert (amani.first, amani.middle, amani.last, amani.admission_number) == ("Amani", "Wekesa", "Barasa", "A2302")
    assert (amani.class_name, zawadi.class_name) == ("Grade 6 East", "PP2 East")
    assert ("upi", "C7K4MX", True) in amani.identifiers
    assert (family.adults[0].first, family.adults[0].phone) == ("Rose", "+254722418093")


@PLANS
def test_put_together_again_the_roll_is_the_same(plan: roll.SchoolPlan) -> None:
    once, workers = roll.families(plan), roll.staff(plan)
    roll.families.cache_clear()
    roll.staff.cache_clear()
    assert roll.families(plan) == once
    assert roll.staff(plan) == workers


@PLANS
def test_every_class_has_one_class_teacher_and_every_account_a_name_of_its_own(plan: roll.SchoolPlan) -> None:
    care = Counter(worker.plan.class_name for worker in roll.staff(plan) if worker.plan.class_name)
    assert care == {found.name: 1 for found in plan.classes}
    names = [f"{worker.first} {worker.last}" for worker in roll.staff(plan)]
    assert len(set(names)) == len(names)
    teachers = [worker for worker in roll.staff(plan) if "teacher" in worker.plan.roles]
    assert len(teachers) in range(28, 42)


def test_a_school_ten_times_smaller_keeps_everybody_known_by_name() -> None:
    small = [child for family in roll.families(MWANGAZA, 10) for child in family.children]
    sizes = Counter(child.class_name for child in small)
    assert sizes["Grade 6 East"] == 41
    assert len(sizes) == 22
    assert len(small) < 130
