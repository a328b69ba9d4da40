"""What few may know stays with those few, every look is written down, and a guardian's no is kept to."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.models import Entry
from core import clock, errors
from schools.papers import setting
from schools.people.models import Photo
from schools.records import policies, queries, services
from schools.records.choices import Group, Purpose
from schools.records.models import Care, Consent, Document, Look
from tenants import context
from tests.cast import Cast, Company

Browse = Callable[..., Client]
FACTS = {
    "allergies": "Groundnuts", "conditions": "Sickle-cell trait\nNo long runs", "medicines": "Folic acid",
    "blood_group": "O+", "doctor": "Dr Achieng", "need": "visual", "need_note": "Sits in front", "religion": "cre",
}  # fmt: skip
SECRETS = {
    "allergies": ["Groundnuts"], "health": ["Sickle-cell", "Folic acid", "Dr Achieng"],
    "needs": ["Visual impairment", "Sits in front"], "religion": ["Christian religious education"],
}  # fmt: skip


def noted(ours: Company) -> None:
    services.change_care(student=ours.amani, by=ours.head, at=clock.now(), **FACTS)  # type: ignore[arg-type]


def test_the_office_writes_the_care_record_and_the_trail_tells_the_parts_but_not_the_words(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    registrar = browse(ours.registrar)
    assert registrar.post(f"/records/students/{ours.amani.pk}/care/", FACTS).status_code == 302
    too_long = registrar.post(f"/records/students/{ours.amani.pk}/care/", {**FACTS, "allergies": "x" * 301})
    assert too_long.status_code == 400
    with context.in_school(ours.school):
        assert Care.objects.get().conditions == "Sickle-cell trait\nNo long runs"
        entry = Entry.objects.get(action="care.changed")
        assert sorted(entry.changes["parts"]) == sorted(FACTS)
        assert not any(word in str(entry.changes) for words in SECRETS.values() for word in words)


@pytest.mark.parametrize(
    "role, groups",
    [
        ("head", ["allergies", "health", "needs", "religion"]),
        ("registrar", ["allergies", "health", "needs", "religion"]),
        ("teacher", ["allergies", "health", "needs"]),
        ("bursar", None),
        ("guardian", ["allergies", "health", "needs", "religion"]),
        ("student", ["allergies", "health", "needs", "religion"]),
    ],
)
def test_each_role_reads_the_parts_that_its_work_needs_on_the_page_and_nowhere_else(
    cast: Cast, browse: Browse, role: str, groups: list[str] | None
) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        noted(ours)
    browser = browse(ours.roles[role])
    answer = browser.get(f"/students/{ours.amani.pk}/care/")
    if groups is None:
        assert answer.status_code == 404
    for part, words in SECRETS.items():
        for word in words:
            assert (word in answer.content.decode()) is (groups is not None and part in groups), word
    elsewhere = ["/", f"/students/{ours.amani.pk}/", "/search/?q=groundnuts", f"/api/v1/students/{ours.amani.pk}/"]
    elsewhere += ["/students/", "/lists/students.csv"] if role not in ("guardian", "student") else []
    for path in elsewhere:
        words = browser.get(path).content.decode()
        assert not any(word in words for every in SECRETS.values() for word in every), path


def test_a_teacher_who_only_teaches_the_student_reads_the_allergies_alone(cast: Cast) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        ours.maths_group.teachers.add(ours.other_staff)
        assert policies.groups_seen(ours.other_teacher, ours.amani) == [Group.ALLERGIES]
        assert policies.groups_seen(ours.teacher, ours.amani) == [Group.ALLERGIES, Group.HEALTH, Group.NEEDS]
        assert policies.groups_seen(ours.bursar, ours.amani) == []


def test_every_look_of_the_staff_is_written_down_and_only_the_head_reads_the_log(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        noted(ours)
    browse(ours.teacher).get(f"/students/{ours.amani.pk}/care/")
    browse(ours.guardian).get(f"/students/{ours.amani.pk}/care/")
    browse(ours.teacher).get(f"/students/{ours.brian.pk}/care/")
    with context.in_school(ours.school):
        look = Look.objects.get()
        assert (look.name, look.student_id, look.groups) == (
            "Wanjiru Kamau", ours.amani.pk, ["allergies", "health", "needs"],
        )  # fmt: skip
    head = browse(ours.head)
    assert "Wanjiru Kamau" in head.get("/records/looks/").content.decode()
    assert "Wanjiru Kamau" in head.get(f"/students/{ours.amani.pk}/care/").content.decode()
    assert "Nobody looked yet" in head.get("/records/looks/?q=nobody").content.decode()


def test_an_alert_stands_out_for_those_whom_it_is_for_and_ends(cast: Cast, browse: Browse) -> None:
    ours, today = cast.mwangaza, clock.today()
    registrar, address = browse(ours.registrar), f"/records/students/{ours.amani.pk}/alerts/add/"
    registrar.post(address, {"text": "Collected by her aunt alone", "severity": "bad", "audience": "staff"})
    registrar.post(address, {"text": "Fees talk pending", "severity": "info", "audience": "office"})
    yesterday = {"text": "Plaster on the arm", "severity": "warn", "audience": "staff"}
    registrar.post(address, {**yesterday, "until": str(today - timedelta(days=1))})
    page = f"/students/{ours.amani.pk}/"
    teacher, guardian = (
        browse(ours.teacher).get(page).content.decode(),
        browse(ours.guardian).get(page).content.decode(),
    )
    assert "Collected by her aunt alone" in teacher
    assert "Fees talk pending" not in teacher and "Plaster on the arm" not in teacher
    assert "Collected by her aunt alone" not in guardian
    with context.in_school(ours.school):
        [alert] = [
            a for a in queries.alerts_of(ours.head, [ours.amani.pk], today)[ours.amani.pk] if a.severity == "bad"
        ]
    registrar.post(f"/records/alerts/{alert.pk}/end/")
    assert "Collected by her aunt alone" not in browse(ours.teacher).get(page).content.decode()


def test_a_guardian_answers_for_a_child_and_the_newest_answer_counts(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    guardian, address = browse(ours.guardian), f"/records/students/{ours.amani.pk}/consent/"
    for given in ("yes", "yes", "no"):
        guardian.post(address, {"purpose": "photo_public", "given": given})
    browse(ours.registrar).post(address, {"purpose": "trips", "given": "yes", "guardian": ours.rose.pk})
    with context.in_school(ours.school):
        assert [(c.purpose, c.given, c.on_paper) for c in Consent.objects.order_by("at")] == [
            ("photo_public", True, False), ("photo_public", False, False), ("trips", True, True),
        ]  # fmt: skip
        assert queries.refused([ours.amani.pk, ours.brian.pk], Purpose.PHOTO_PUBLIC) == {ours.amani.pk}
        assert Entry.objects.filter(action="consent.refused").count() == 1
    assert "No photos in public" in browse(ours.teacher).get(f"/students/{ours.amani.pk}/").content.decode()
    assert (
        guardian.post(f"/records/students/{ours.brian.pk}/consent/", {"purpose": "trips", "given": "yes"}).status_code
        == 404
    )
    with context.in_school(ours.school), pytest.raises(errors.DomainError, match="Choose the guardian who answered"):
        services.answer(
            student=ours.brian, purpose="trips", given=True, guardian=ours.rose, on_paper=True, by=ours.head,
            at=clock.now(),
        )  # fmt: skip


def test_a_photo_that_the_guardian_refused_is_on_no_card(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school):
        for student in (ours.amani, ours.brian):
            Photo.objects.create(student=student, state="ready", variants={"256": {"jpeg": "x.jpeg"}}, original="x")
        services.answer(
            student=ours.amani, purpose="photo_school", given=False, guardian=ours.rose, on_paper=True, by=ours.head,
            at=at,
        )  # fmt: skip
        from core import storage

        storage.save("x.jpeg", b"\xff\xd8\xff")
        assert set(setting._photos([ours.amani.pk, ours.brian.pk], [])) == {ours.brian.pk}


def test_documents_are_kept_by_what_they_are_and_fetched_by_those_whose_they_are(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    registrar, address = browse(ours.registrar), f"/records/students/{ours.amani.pk}/documents/add/"
    fake = SimpleUploadedFile("birth.pdf", b"<script>alert(1)</script>", "application/pdf")
    refused = registrar.post(address, {"kind": "birth_certificate", "file": fake})
    assert refused.status_code == 400 and "Choose a PDF, JPEG or PNG file." in refused.content.decode()
    real = SimpleUploadedFile("birth.exe", b"%PDF-1.7 birth", "text/html")
    soon = str(clock.today() + timedelta(days=10))
    assert registrar.post(address, {"kind": "passport", "file": real, "expires_on": soon}).status_code == 302
    with context.in_school(ours.school):
        document = Document.objects.get()
        assert list(queries.expiring(ours.head, clock.today())) == [document]
        assert list(queries.expiring(ours.teacher, clock.today())) == []
    answer = browse(ours.guardian).get(f"/records/documents/{document.pk}/file/")
    assert (answer.content, answer["Content-Type"]) == (b"%PDF-1.7 birth", "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment")
    assert browse(ours.teacher).get(f"/records/documents/{document.pk}/file/").status_code == 404
    assert "Documents that expire" in registrar.get("/").content.decode()
    registrar.post(f"/records/documents/{document.pk}/remove/")
    with context.in_school(ours.school):
        assert not Document.objects.exists()
        assert Entry.objects.filter(action="document.removed").count() == 1


def test_a_member_of_staff_sees_their_own_documents_and_no_colleagues(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        document = services.add_document(
            person=ours.teacher_staff, kind="contract", name="Contract 2026", content=b"%PDF-1", by=ours.head,
            at=clock.now(), expires_on=date(2026, 12, 31),
        )  # fmt: skip
    assert browse(ours.teacher).get(f"/records/documents/{document.pk}/file/").status_code == 200
    assert browse(ours.other_teacher).get(f"/records/documents/{document.pk}/file/").status_code == 404
    assert "Contract 2026" not in browse(ours.other_teacher).get(f"/staff/{ours.teacher_staff.pk}/").content.decode()
    assert "Contract 2026" in browse(ours.teacher).get(f"/staff/{ours.teacher_staff.pk}/").content.decode()


def test_a_guardian_s_home_shows_the_children_s_papers_and_no_other_s(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        for student, name in ((ours.amani, "Report of Term 1"), (ours.brian, "Report of Brian")):
            services.add_document(
                person=student, kind="report", name=name, content=b"%PDF-1.7 x", by=None, at=clock.now()
            )
    home = browse(ours.guardian).get("/").content.decode()
    assert "Report of Term 1" in home and "Report of Brian" not in home
