"""Portraits: what is taken in, what is refused, and what the job makes of them."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from audit.models import Entry
from core import clock, storage
from schools.people import photos
from schools.people.models import Photo
from tenants import context
from tests import cast as people
from tests.cast import Cast, Company
from tests.conftest import Browse, sign_in

GPS = 0x8825
ORIENTATION = 0x0112


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    """Files of a test stay in its own folder."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}},
    }
    assert str(tmp_path) in default_storage.path("x")


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 1200), **options: Any) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(GPS)[1] = "S"
    exif.get_ifd(GPS)[2] = (0.0, 17.0, 11.0)
    return picture(exif=exif, comment=b"taken at home")


def huge_png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HOSTILE = {
    "words": b"this is no picture at all",
    "svg": SVG,
    "truncated jpeg": picture()[:4000],
    "truncated png": picture("PNG")[:900],
    "fifty thousand square": huge_png(),
    "tiny": picture(size=(8, 8)),
    "gif": picture("GIF"),
    "tiff": picture("TIFF"),
    "jpeg head alone": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "zip": b"PK\x03\x04" + b"\0" * 200,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_usable_portrait_is_refused_at_its_field(cast: Cast, browse: Browse, name: str) -> None:
    address = f"/students/{cast.mwangaza.amani.pk}/photo/"
    answer = browse(cast.mwangaza.head).post(address, {"photo": SimpleUploadedFile("me.jpg", HOSTILE[name])})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["photo"]
    with context.in_school(cast.mwangaza.school):
        assert not Photo.objects.exists()
        assert not Entry.objects.filter(action="photo.uploaded").exists()


def test_a_file_above_the_limit_and_no_file_are_refused(cast: Cast, browse: Browse, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    browser = browse(cast.mwangaza.head)
    address = f"/students/{cast.mwangaza.amani.pk}/photo/"
    assert browser.post(address, {"photo": SimpleUploadedFile("me.jpg", picture())}).status_code == 400
    assert browser.post(address, {}).status_code == 400
    assert browser.post(address, {"photo": SimpleUploadedFile("me.jpg", b"")}).status_code == 400


def test_a_portrait_is_upright_and_says_nothing_of_where_it_was_taken() -> None:
    cleaned = photos.clean(with_exif())
    assert (cleaned.width, cleaned.height) == (1200, 900)
    with Image.open(io.BytesIO(cleaned.content)) as image:
        assert dict(image.getexif()) == {}
        assert "comment" not in image.info
        assert image.size == (1200, 900)
    for trace in (b"SecretCamera", b"Exif", b"taken at home"):
        assert trace not in cleaned.content


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "JPEG"])
def test_every_usual_kind_is_taken_in_and_no_larger_than_needed(kind: str) -> None:
    cleaned = photos.clean(picture(kind, size=(3000, 2400)))
    assert max(cleaned.width, cleaned.height) <= photos.LONGEST_SIDE


def test_what_is_transparent_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(photos.clean(out.getvalue()).content)) as image:
        assert image.getpixel((100, 100)) == (255, 255, 255)


@pytest.fixture
def committed(own_database: str) -> Company:
    """Mwangaza School in a database where transactions commit and jobs run."""
    return people.read().mwangaza


def test_a_photo_is_made_into_variants_that_the_profile_shows(
    committed: Company, run_jobs: Callable[[], list[str]]
) -> None:
    browser = Client(HTTP_HOST=f"mwangaza.{settings.PLATFORM_DOMAIN}")
    with context.in_school(committed.school):
        sign_in(browser, committed.head)
    profile = f"/students/{committed.amani.pk}/"
    answer = browser.post(f"{profile}photo/", {"photo": SimpleUploadedFile("me.jpg", with_exif())})
    assert (answer.status_code, answer["Location"]) == (302, profile)
    assert run_jobs() == ["people.make_photo_variants"]
    with context.in_school(committed.school):
        photo = Photo.objects.get(student=committed.amani)
        assert (photo.state, sorted(photo.variants, key=int)) == ("ready", ["96", "256", "640"])
        for width, kept in photo.variants.items():
            sizes = []
            for name in ("jpeg", "webp", "avif"):
                if name in kept:
                    content = storage.read(kept[name])
                    with Image.open(io.BytesIO(content)) as image:
                        assert (image.format, image.width) == (name.upper(), int(width))
                        assert dict(image.getexif()) == {}
                    sizes.append(len(content))
            assert "jpeg" in kept
            assert sizes == sorted(sizes, reverse=True)
        before = Photo.objects.values().get(pk=photo.pk)
        assert photos.make_variants(photo_id=str(photo.pk), at=clock.now()) == "ready"
        assert Photo.objects.values().get(pk=photo.pk) == before
        assert photos.make_variants(photo_id=str(committed.amani.pk), at=clock.now()) == "gone"
    page = browser.get(profile).content.decode()
    assert "<picture>" in page
    address = page.split('src="/media/')[1].split('"')[0]
    shown = browser.get(f"/media/{address}")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")


def test_a_new_photo_takes_the_old_one_s_files_away(committed: Company, run_jobs: Callable[[], list[str]]) -> None:
    with context.in_school(committed.school):
        photo = photos.put(person=committed.amani, content=picture(), by=None, at=clock.now())
    run_jobs()
    with context.in_school(committed.school):
        photo.refresh_from_db()
        old = [photo.original, *(path for kept in photo.variants.values() for path in kept.values())]
        again = photos.put(person=committed.amani, content=picture(size=(600, 600)), by=None, at=clock.now())
        assert again.pk == photo.pk
        assert [path for path in old if default_storage.exists(f"{committed.school.pk}/{path}")] == []
        photos.remove(person=committed.amani, by=None, at=clock.now())
        assert not Photo.objects.exists()
        assert not default_storage.exists(f"{committed.school.pk}/{again.original}")


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_an_original_that_went_bad_is_refused_with_a_reason(cast: Cast, damage: str) -> None:
    with context.in_school(cast.mwangaza.school):
        photo = photos.put(person=cast.mwangaza.amani, content=picture(), by=None, at=clock.now())
        if damage == "missing":
            storage.delete(photo.original)
        else:
            storage.save(photo.original, storage.read(photo.original)[:2000])
        assert photos.make_variants(photo_id=str(photo.pk), at=clock.now()) == "refused"
        photo.refresh_from_db()
        assert photo.reason != ""
        assert photo.variants == {}
        assert Entry.objects.filter(action="photo.refused", object_id=str(cast.mwangaza.amani.pk)).count() == 1
