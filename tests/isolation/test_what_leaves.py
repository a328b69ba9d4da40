"""Everything that leaves a school in a file, on paper or by address holds its own canary and no other's."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.db import transaction
from django.template import Context, Template
from django.test import Client
from pypdf import PdfReader

from api import clients, scopes
from core import cache, clock, ids, scope, storage
from identity import accounts
from identity.models import User
from schools.imports.models import Run
from schools.papers import services as papers
from schools.papers.models import Template as LetterTemplate
from schools.people.models import Guardian, Staff, Student
from schools.records import services as records
from tenants import context
from tenants.archive import exporting, writing
from tests import cast as people
from tests.cast import PASSWORD, Cast, Company
from tests.permissions.table import TABLE

Browse = Callable[..., Client]
FORM = "application/x-www-form-urlencoded"
CANARY = re.compile(r"canary[0-9a-f]{32}")
LEAVES = [
    "/students/export.csv", "/students/print/", "/students/", "/guardians/", "/staff/", "/search/?q=canary",
    "/settings/audit/", "/api/v1/students/", "/api/v1/guardians/", "/api/v1/staff/", "/api/v1/schema/?format=json",
    "/imports/students.csv", "/lists/guardians.csv", "/lists/students.csv", "/manifest.webmanifest", "/",
]  # fmt: skip


@pytest.fixture
def canaries(cast: Cast) -> dict[str, str]:
    """A canary of each school in the names of its people."""
    return let_out(cast)


def let_out(cast: Cast) -> dict[str, str]:
    found = {}
    for company in (cast.mwangaza, cast.baraka):
        canary = found[company.school.slug] = f"canary{ids.uuid7().hex}"
        with context.in_school(company.school):
            for model in (Student, Guardian, Staff):
                for row in model.objects.all():
                    row.last_name = canary
                    row.save()
    return found


def said(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode())


@pytest.mark.parametrize("path", LEAVES)
def test_what_leaves_a_school_holds_its_own_canary_alone(
    cast: Cast, browse: Browse, canaries: dict[str, str], path: str
) -> None:
    heads = {company.school.slug: browse(company.head) for company in (cast.mwangaza, cast.baraka)}
    for slug in ("mwangaza", "baraka", "mwangaza"):
        answer = heads[slug].get(path)
        assert answer.status_code == 200
        found = set(CANARY.findall(said(answer)))
        assert found <= {canaries[slug]}
        if path in LEAVES[:5]:
            assert found == {canaries[slug]}


def test_every_address_that_gives_a_file_or_a_print_is_among_what_is_looked_at() -> None:
    files = {row.path({}) for row in TABLE if re.search(r"\.(csv|xlsx|pdf|zip|ics)$|(print|file)/$", row.route)}
    elsewhere = {  # below, and with the whole copies
        "/settings/data/export/file/",
        "/papers/letters/letter/file/",
        "/papers/batches/batch/file/",
        "/records/documents/document/file/",
        "/transfers/transfer/file/",
        "/apply/a/application_key/offer/file/",
    }
    assert files - set(LEAVES) == elsewhere


def papers_of(company: Company) -> dict[str, str]:
    """Address and content of every kind of paper and file of one student."""
    at = clock.now()
    with context.in_school(company.school), transaction.atomic():
        student = Student.objects.get(pk=company.amani.pk)
        document = records.add_document(
            person=student, kind="birth_certificate", name="", content=b"%PDF-1.7 " + student.last_name.encode(),
            by=None, at=at,
        )  # fmt: skip
        template = LetterTemplate.objects.get(name="Confirmation of enrolment")
        letter = papers.issue(template=template, student=student, shared=True, by=None, at=at)
        batches = [
            papers.ask(kind=kind, title=kind, ids=[student.pk], options={}, by=None, at=at)
            for kind in ("cards", "labels", "tick_list")
        ]
        return {
            f"/records/documents/{document.pk}/file/": "document",
            f"/papers/letters/{letter.pk}/file/": "letter",
            **{f"/papers/batches/{batch.pk}/file/": batch.kind for batch in batches},
        }


def test_what_is_printed_or_kept_of_a_student_holds_its_own_canary_and_opens_at_its_own_school(
    own_database: str, browse: Browse
) -> None:
    cast = people.read()
    canaries = let_out(cast)
    for company, other in ((cast.mwangaza, cast.baraka), (cast.baraka, cast.mwangaza)):
        ours, theirs = browse(company.head), browse(other.head)
        for path, kind in papers_of(company).items():
            answer = ours.get(path)
            assert answer.status_code == 200, kind
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            words = content.decode(errors="replace")
            if kind != "document":
                words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
            found = set(CANARY.findall("".join(words.replace("-", "").split()).replace("\u2010", "")))
            assert found == {canaries[company.school.slug]}, kind
            assert theirs.get(path).status_code == 404, kind


def test_a_copy_of_a_school_holds_its_own_canary_alone(own_database: str, tmp_path: Path) -> None:
    cast = people.read()
    canaries = let_out(cast)
    for company in (cast.mwangaza, cast.baraka):
        slug = company.school.slug
        with context.in_school(company.school):
            storage.save("people/letter.txt", canaries[slug].encode())
        for write in (exporting.write, writing.write):
            path = tmp_path / f"{slug}-{write.__module__}.zip"
            write(path, company.school, at=clock.now())
            with zipfile.ZipFile(path) as copy:
                held = {name: set(CANARY.findall(copy.read(name).decode(errors="replace"))) for name in copy.namelist()}
            assert set().union(*held.values()) == {canaries[slug]}, write.__module__
            assert held["media/people/letter.txt"] == {canaries[slug]}
            assert len([name for name in held if held[name]]) >= 4, write.__module__


def test_the_problems_of_an_import_name_its_own_rows(cast: Cast, browse: Browse, canaries: dict[str, str]) -> None:
    runs = {}
    for company in (cast.mwangaza, cast.baraka):
        with context.in_school(company.school):
            runs[company.school.slug] = Run.objects.create(
                importer="roll", file_name=f"{canaries[company.school.slug]}.csv", asked_by=company.registrar
            )
    head = browse(cast.mwangaza.head)
    assert head.get(f"/imports/{runs['mwangaza'].pk}/problems.csv").status_code == 200
    assert head.get(f"/imports/{runs['baraka'].pk}/problems.csv").status_code == 404
    assert canaries["baraka"] not in said(head.get("/imports/"))


def test_the_platforms_own_files_hold_no_canary_of_a_school(
    cast: Cast, console: Client, canaries: dict[str, str]
) -> None:
    for path in ("/console/schools.csv", "/console/", "/console/audit/", "/console/schools/mwangaza/",
                 "/console/jobs/", "/api/platform/v1/schools/"):  # fmt: skip
        assert CANARY.findall(said(console.get(path))) == []


def test_a_letter_goes_to_the_people_of_its_own_school(own_database: str, run_jobs: Callable[[], list[str]]) -> None:
    cast = people.read()
    for company in (cast.mwangaza, cast.baraka):
        with context.in_school(company.school), transaction.atomic():
            accounts.invite(user=company.guardian, by=None, at=clock.now())
    run_jobs()
    assert {letter.to[0].partition("@")[2] for letter in mail.outbox} == {"mwangaza.example", "baraka.example"}
    for letter in mail.outbox:
        slug = letter.to[0].partition("@")[2].removesuffix(".example")
        other = {"mwangaza": "baraka", "baraka": "mwangaza"}[slug]
        assert f"{slug}.shule.localhost" in letter.body and other not in letter.body.lower()


# What a school hands out


def host(company: Company) -> str:
    return f"{company.school.slug}.{settings.PLATFORM_DOMAIN}"


def test_an_oauth_token_of_one_school_is_unknown_at_another_and_at_the_platform(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        user = accounts.service_account(name="Reports", roles=["head"], by=None, at=clock.now())
        name, secret = clients.create_client(name="c", scopes=scopes.every(), user=user, by=None, at=clock.now())
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    answer = Client(HTTP_HOST=host(cast.mwangaza)).post("/oauth/token", urlencode(form), content_type=FORM)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {answer.json()['access_token']}"}
    assert Client(HTTP_HOST=host(cast.mwangaza)).get("/api/v1/students/", **bearer).status_code == 200
    assert Client(HTTP_HOST=host(cast.baraka)).get("/api/v1/students/", **bearer).status_code == 401
    public = Client(HTTP_HOST=settings.PLATFORM_DOMAIN)
    assert public.get("/api/platform/v1/schools/", **bearer).status_code == 401
    elsewhere = Client(HTTP_HOST=host(cast.baraka))
    assert elsewhere.post("/oauth/token", urlencode(form), content_type=FORM).status_code == 401


@pytest.mark.parametrize("way", ["invitation", "reset"])
def test_a_link_of_one_school_opens_nothing_at_another_and_at_the_platform(
    own_database: str, run_jobs: Callable[[], list[str]], way: str
) -> None:
    with context.in_public():
        from tenants.models import School

        mwangaza = School.objects.get(slug="mwangaza")
    with context.in_school(mwangaza), transaction.atomic():
        rose = User.objects.get(username="rose.barasa")
        if way == "invitation":
            accounts.invite(user=rose, by=None, at=clock.now())
    if way == "reset":
        Client(HTTP_HOST=f"mwangaza.{settings.PLATFORM_DOMAIN}").post("/forgot/", {"username": "rose.barasa"})
        Client(HTTP_HOST=f"mwangaza.{settings.PLATFORM_DOMAIN}").post("/forgot/", {"name": "rose.barasa"})
    run_jobs()
    link = re.search(r"/welcome/[^\s]+", mail.outbox[-1].body)
    assert link is not None
    chosen = {"password": "maji-ya-kunywa-7", "again": "maji-ya-kunywa-7"}
    for name, path in (("baraka.", link[0]), ("", f"/console{link[0]}"), ("", link[0])):
        elsewhere = Client(HTTP_HOST=f"{name}{settings.PLATFORM_DOMAIN}")
        assert elsewhere.get(path).status_code == 404
        assert elsewhere.post(path, chosen).status_code == 404
    assert Client(HTTP_HOST=f"mwangaza.{settings.PLATFORM_DOMAIN}").get(link[0], follow=True).status_code == 200


def test_signing_in_leaves_no_cookie_but_the_session_and_its_forms_token(cast: Cast) -> None:
    browser = Client(HTTP_HOST=host(cast.mwangaza))
    browser.get("/sign-in/")
    assert browser.post("/sign-in/", {"username": "jane.njeri", "password": PASSWORD}).status_code == 302
    assert set(browser.cookies) <= {"session", "csrftoken"}
    assert {cookie["domain"] for cookie in browser.cookies.values()} == {""}


def test_a_session_put_into_the_other_schools_cache_is_nobody(cast: Cast, browse: Browse) -> None:
    head = browse(cast.mwangaza.head)
    key = head.cookies["session"].value
    name = f"django.contrib.sessions.cached_db{key}"
    with context.in_school(cast.mwangaza.school):
        held = caches["default"].get(name)
    with context.in_school(cast.baraka.school):
        caches["default"].set(name, held or dict(head.session))
    other = browse(None, school=cast.baraka.school)
    other.cookies["session"] = key
    assert other.get("/students/").status_code == 302


# Keys


def test_a_fragment_kept_by_one_school_is_not_drawn_by_another(cast: Cast) -> None:
    drawn = Template('{% load cache %}{% cache 60 "board" %}{{ words }}{% endcache %}')
    with context.in_school(cast.mwangaza.school):
        assert drawn.render(Context({"words": "Mwangaza"})) == "Mwangaza"
        assert drawn.render(Context({"words": "again"})) == "Mwangaza"
    with context.in_school(cast.baraka.school):
        assert drawn.render(Context({"words": "Baraka"})) == "Baraka"
    with pytest.raises(scope.NoSchool):
        drawn.render(Context({"words": "nobody's"}))


def test_a_lock_taken_by_one_school_is_free_at_another(cast: Cast) -> None:
    for company in (cast.mwangaza, cast.baraka):
        with context.in_school(company.school):
            assert cache.add("lock:report", "mine", 60)
            assert not cache.add("lock:report", "mine", 60)


def test_every_key_in_redis_names_the_school_that_wrote_it(cast: Cast, browse: Browse) -> None:
    for company in (cast.mwangaza, cast.baraka):
        browser = browse(company.head)
        for path in ("/", "/students/", "/api/v1/students/", "/search/?q=a"):
            browser.get(path)
    known = {str(company.school.pk) for company in (cast.mwangaza, cast.baraka)} | {"public"}
    keys = [key.decode() for key in caches["default"].client.get_client().keys("*")]
    assert keys
    assert [key for key in keys if key.split(":")[1] not in known] == []


# Files


@pytest.fixture
def photos(cast: Cast) -> dict[str, str]:
    """A file of the same path at each school; gives back the signed addresses."""
    found = {}
    for company in (cast.mwangaza, cast.baraka):
        with context.in_school(company.school):
            storage.save("photos/student/1/640.webp", company.school.slug.encode())
            found[company.school.slug] = storage.url("photos/student/1/640.webp")
    return found


def test_a_file_is_not_found_by_guessing(cast: Cast, browse: Browse, photos: dict[str, str]) -> None:
    head = browse(cast.mwangaza.head)
    for path in ("photos/student/1/640.webp", f"{cast.mwangaza.school.pk}/photos/student/1/640.webp",
                 f"{cast.baraka.school.pk}/photos/student/1/640.webp", "open/logo.webp", ""):  # fmt: skip
        for address in (f"/media/{path}", f"/static/{path}", f"/{path}" if path else "/media/"):
            assert head.get(address).status_code == 404, address


@pytest.mark.parametrize("up", ["../", "..%2f", "%2e%2e/", "....//", "..\\", "%00/"])
def test_no_way_leads_up_and_over_to_another_schools_files(
    cast: Cast, browse: Browse, photos: dict[str, str], up: str
) -> None:
    head = browse(cast.mwangaza.head)
    signature = photos["mwangaza"].removeprefix("/media/photos/student/1/640.webp")
    for path in (f"{up}{cast.baraka.school.pk}/photos/student/1/640.webp", f"photos/{up * 2}{cast.baraka.school.pk}/x"):
        for address in (f"/media/{path}", f"/media/{path}{signature}"):
            assert head.get(address).status_code == 404, address
    with context.in_school(cast.mwangaza.school), pytest.raises(ValueError, match="prefix"):
        storage.read(f"../{cast.baraka.school.pk}/photos/student/1/640.webp")


def test_a_signature_is_good_for_its_own_file_and_school(cast: Cast, browse: Browse, photos: dict[str, str]) -> None:
    heads = {company.school.slug: browse(company.head) for company in (cast.mwangaza, cast.baraka)}
    for slug, head in heads.items():
        assert head.get(photos[slug]).content == slug.encode()
    assert heads["mwangaza"].get(photos["baraka"]).status_code == 404
    other = photos["mwangaza"].replace("/640.webp", "/96.webp")
    with context.in_school(cast.mwangaza.school):
        storage.save("photos/student/1/96.webp", b"small")
    assert heads["mwangaza"].get(other).status_code == 404
    swapped = photos["mwangaza"].split(":")[0] + ":" + photos["baraka"].split(":", 1)[1]
    assert heads["mwangaza"].get(swapped).status_code == 404


@pytest.mark.parametrize("wanted", ["bytes=0-3", "bytes=-2", "bytes=0-0,2-3", "bytes=999-", "bytes=x"])
def test_a_part_of_a_file_is_as_closed_as_the_whole(
    cast: Cast, browse: Browse, photos: dict[str, str], wanted: str
) -> None:
    head, part = browse(cast.mwangaza.head), {"Range": wanted}
    assert head.get(photos["baraka"], headers=part).status_code == 404
    whole = head.get(photos["mwangaza"], headers=part)
    assert (whole.status_code, whole.content) == (200, b"mwangaza")


def test_a_small_picture_is_as_closed_as_its_original(cast: Cast, browse: Browse) -> None:
    for width in (96, 256, 640):
        with context.in_school(cast.mwangaza.school):
            storage.save(f"photos/student/1/{width}.jpeg", b"x")
            address = storage.url(f"photos/student/1/{width}.jpeg")
        assert browse(cast.mwangaza.head).get(address).status_code == 200
        assert browse(cast.baraka.head).get(address).status_code == 404
        assert browse(None, school=cast.mwangaza.school).get(address).status_code == 302
