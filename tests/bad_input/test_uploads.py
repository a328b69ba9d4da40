"""Files that are more than they say: what is kept of them, under which name, and what is refused.

The refusals that tell the office what is wrong with its own file stand beside each reader: the imports' hostile files,
the portraits, the logo.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from core import storage
from schools.imports.models import Run
from schools.people.models import Photo
from tenants import context
from tests.cast import Cast
from tests.schools.imports.test_hostile_files import GOOD, SHEET, with_parts

Browse = Callable[..., Client]
Content = Callable[[], dict[str, str]]


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Any) -> Path:
    """Files of a test stay in its own folder."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "media"}},
    }
    assert str(tmp_path) in default_storage.path("x")
    return tmp_path


def picture(kind: str = "JPEG", size: tuple[int, int] = (600, 800), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def entry(name: str, body: bytes, *, mode: int = 0o644) -> tuple[zipfile.ZipInfo, bytes]:
    found = zipfile.ZipInfo(name)
    found.external_attr = mode << 16
    return found, body


def with_entries(*entries: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    held = io.BytesIO(GOOD)
    with zipfile.ZipFile(held, "a") as package:
        for info, body in entries:
            package.writestr(info, body)
    return held.getvalue()


def encrypted() -> bytes:
    """The sheet's entry says that it is encrypted."""
    raw = bytearray(GOOD)
    at = raw.find(b"PK\x01\x02", 0)
    while at >= 0:
        struct.pack_into("<H", raw, at + 8, struct.unpack_from("<H", raw, at + 8)[0] | 1)
        at = raw.find(b"PK\x01\x02", at + 4)
    return bytes(raw)


def lying() -> bytes:
    """Ten megabytes of zeros whose entry says that it holds ten bytes."""
    raw = bytearray(with_parts(GOOD, {SHEET: b"<x>" + b"\0" * 10_000_000}))
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        if SHEET.encode() in raw[at : at + 46 + len(SHEET)]:
            struct.pack_into("<I", raw, at + 24, 10)
        at = raw.find(b"PK\x01\x02", at + 4)
    return bytes(raw)


def nested(depth: int) -> bytes:
    body = b"\0" * 5_000_000
    for _ in range(depth):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("x.zip", body)
        body = held.getvalue()
    return body


REFUSED_IMPORTS: dict[str, tuple[str, bytes]] = {
    "an encrypted part": ("roll.xlsx", encrypted()),
    "a part that lies about its size": ("roll.xlsx", lying()),
    "a bomb in a bomb": ("roll.xlsx", nested(4)),
    "a picture called a workbook": ("roll.xlsx", picture()),
    "a page called CSV": ("roll.csv.html", b"<script>alert(1)</script>"),
    "a program": ("roll.csv.exe", b"MZ" + b"\0" * 100),
    "a document and a workbook in one": ("roll.xlsx", b"%PDF-1.4\n" + GOOD),
    "a picture and a workbook in one": ("roll.xlsx", picture("GIF") + GOOD),
    "an archive": ("roll.zip", GOOD),
}


@pytest.mark.parametrize("what", REFUSED_IMPORTS)
def test_a_file_that_is_no_roll_is_refused(cast: Cast, browse: Browse, content: Content, what: str) -> None:
    name, body = REFUSED_IMPORTS[what]
    registrar = browse(cast.mwangaza.registrar)
    before = content()
    sent = {"file": SimpleUploadedFile(name, body), "mode": "insert", "academics-school_class": ""}
    answer = registrar.post("/imports/new/", sent)
    assert answer.status_code == 400
    assert content() == before


@pytest.mark.parametrize(
    "name", ["../../../../tmp/slipped.txt", "/tmp/slipped.txt", "xl/../../slipped.txt", "..\\..\\slipped.txt", "a\0b"]
)
def test_a_part_with_a_way_out_in_its_name_leaves_no_file_anywhere(
    cast: Cast, browse: Browse, own_files: Path, name: str
) -> None:
    body = with_entries(entry(name, b"slipped"), entry("link", b"/etc/passwd", mode=0o120777))
    sent = {"file": SimpleUploadedFile("roll.xlsx", body), "mode": "insert", "academics-school_class": ""}
    assert browse(cast.mwangaza.registrar).post("/imports/new/", sent).status_code in (302, 400)
    assert not Path("/tmp/slipped.txt").exists()
    kept = [path for path in own_files.rglob("*") if path.is_file()]
    assert [path for path in kept if path.read_bytes() == b"slipped"] == []
    assert all(str(path).startswith(str(own_files / "media" / str(cast.mwangaza.school.pk))) for path in kept)


NAMES = ["a\0.csv", "roll\r\nX: y.csv", "\u202egnp.csv", "CON.csv", "é" * 190 + ".csv", ".csv", "..csv", "%00.csv",
         "a" * 5_000 + ".csv", "\ud83d\ude00.csv".encode("utf-16", "surrogatepass").decode("utf-16")]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_files_name_is_shown_as_text_and_never_used_as_a_path(
    cast: Cast, browse: Browse, own_files: Path, name: str
) -> None:
    registrar = browse(cast.mwangaza.registrar, raise_request_exception=False)
    boundary = "x1x"
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    mode = 'Content-Disposition: form-data; name="mode"\r\n\r\ninsert\r\n'
    body = f"--{boundary}\r\n{head}Adm,Name\nA1,Ann\n\r\n--{boundary}\r\n{mode}--{boundary}--\r\n".encode()
    answer = registrar.generic("POST", "/imports/new/", body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code in (302, 400)
    with context.in_school(cast.mwangaza.school):
        for run in Run.objects.all():
            assert not set("/\\\0\r\n") & set(run.file_name)
    assert [path for path in own_files.rglob("*") if path.is_file() and "Adm" in path.name] == []


def put(browser: Client, cast: Cast, name: str, body: bytes) -> int:
    address = f"/students/{cast.mwangaza.amani.pk}/photo/"
    return int(browser.post(address, {"photo": SimpleUploadedFile(name, body, "image/jpeg")}).status_code)


TRAILERS = {
    "a page": b"<html><script>alert(1)</script></html>",
    "a program": b"<?php system($_GET['c']); ?>",
    "an archive": GOOD,
    "another picture": picture("PNG"),
}


@pytest.mark.parametrize("what", TRAILERS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_a_picture_that_is_something_else_as_well_the_picture_alone_is_kept(
    cast: Cast, browse: Browse, what: str, kind: str
) -> None:
    assert put(browse(cast.mwangaza.head), cast, "me.jpg", picture(kind) + TRAILERS[what]) == 302
    with context.in_school(cast.mwangaza.school):
        kept = storage.read(Photo.objects.get(student=cast.mwangaza.amani).original)
    assert TRAILERS[what] not in kept
    for sign in (b"<script", b"<?php", b"PK\x03\x04", b"IHDR"):
        assert sign not in kept


@pytest.mark.parametrize(
    "name", ["me.php", "me.svg", "me.jpg.exe", "../../../x.jpg", "a\\b.jpg", "me", "é\u202egpj.exe"]
)
def test_the_name_of_a_picture_decides_nothing(cast: Cast, browse: Browse, own_files: Path, name: str) -> None:
    assert put(browse(cast.mwangaza.head), cast, name, picture()) == 302
    kept = [path for path in own_files.rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["original.jpg"]
    assert str(cast.mwangaza.school.pk) in str(kept[0])


def noted() -> bytes:
    """A PNG that says where it was taken, in words, in EXIF and in a profile."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (1.0, 17.0, 11.0)
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "taken at home in Nakuru")
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>GPSLatitude taken at home</x:xmpmeta>")
    return picture("PNG", exif=exif, pnginfo=info)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_where_a_picture_was_taken_is_forgotten_whatever_its_kind(cast: Cast, browse: Browse, kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "S"
    body = noted() if kind == "PNG" else picture(kind, exif=exif)
    assert put(browse(cast.mwangaza.head), cast, "me.jpg", body) == 302
    with context.in_school(cast.mwangaza.school):
        kept = storage.read(Photo.objects.get(student=cast.mwangaza.amani).original)
    with Image.open(io.BytesIO(kept)) as image:
        assert dict(image.getexif()) == {}
    for trace in (b"Exif", b"GPS", b"xmpmeta", b"at home", b"SecretCamera"):
        assert trace not in kept


def png(*chunks: tuple[bytes, bytes], width: int = 300, height: int = 300) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * 300) * 300)
    every = [(b"IHDR", head), *chunks, (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, body) for kind, body in every)


BOMBS = {
    "text that unpacks to a hundred megabytes": png((b"zTXt", b"Comment\0\0" + zlib.compress(b"A" * 100_000_000))),
    "a profile that unpacks to a hundred megabytes": png((b"iCCP", b"x\0\0" + zlib.compress(b"A" * 100_000_000))),
    "fifty thousand points a side": png(width=50_000, height=50_000),
    "one row of two thousand million points": png(width=2_000_000_000, height=1),
    "no width": png(width=0, height=300),
    "a row too few": png(height=3_000),
}


@pytest.mark.parametrize("what", BOMBS)
def test_a_picture_made_to_fill_the_memory_is_refused_or_drawn_small(
    cast: Cast, browse: Browse, content: Content, what: str
) -> None:
    head = browse(cast.mwangaza.head)
    for address, name in ((f"/students/{cast.mwangaza.amani.pk}/photo/", "photo"), ("/settings/look/logo/", "logo")):
        before = content()
        answer = head.post(address, {name: SimpleUploadedFile("me.png", BOMBS[what], "image/png")})
        assert answer.status_code in (302, 400), (address, answer.status_code)
        if answer.status_code == 400:
            assert content() == before
