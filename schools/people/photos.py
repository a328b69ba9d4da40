"""Portraits: checked and stripped when they arrive, made into variants by a job, never trusted in between."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from audit import recording as audit
from core import cache, jobs, storage
from core.errors import DomainError, NotFound
from schools.people.choices import PhotoState
from schools.people.models import Photo, Staff, Student

WIDTHS = (96, 256, 640)
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")  # a multi-picture JPEG (MPO) comes in through the first
LONGEST_SIDE = 2048
MOST_PIXELS_JPEG = 64_000_000  # a phone's largest; JPEG is decoded straight to a fraction of it
MOST_PIXELS = 24_000_000
SMALLEST_SIDE = 48
ENCODERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("jpeg", {"quality": 82, "optimize": True, "progressive": True}),
    ("webp", {"quality": 78, "method": 4}),
    ("avif", {"quality": 60, "speed": 8}),
)
Image.init()  # every decoder, before the first upload asks for one by name
UNREADABLE = gettext_lazy("The picture cannot be read to its end. Take or save it again.")


class NotAPhoto(DomainError):
    """What was uploaded cannot be used as a portrait."""

    code = "not_a_photo"

    def __init__(self, message: str) -> None:
        super().__init__(message, errors={"photo": [message]})


@dataclass(frozen=True, slots=True)
class Clean:
    """A portrait upright, without EXIF, in RGB, no side longer than LONGEST_SIDE."""

    content: bytes
    width: int
    height: int


def most_bytes() -> int:
    """The largest upload that is read at all."""
    return int(settings.UPLOAD_MAX_BYTES)


def too_large() -> NotAPhoto:
    """The refusal of a file that is larger."""
    return NotAPhoto(
        _("This file is larger than %(max)s MB. Choose a smaller one.") % {"max": most_bytes() // 1024 // 1024}
    )


def clean(content: bytes) -> Clean:
    """Decode once within bounds and write anew: nothing of an upload is kept but its pixels; raises NotAPhoto."""
    if len(content) > most_bytes():
        raise too_large()
    try:
        with warnings.catch_warnings():
            # Our own limit is checked before anything is decoded; Pillow's warning would be an error in tests.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _redrawn(content)
    except NotAPhoto:
        raise
    except UnidentifiedImageError:
        raise NotAPhoto(_("This is not a picture we can read. Choose a JPEG, PNG, WebP or AVIF file.")) from None
    except Image.DecompressionBombError:
        raise NotAPhoto(_("This picture has too many pixels.")) from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, MemoryError, OverflowError):
        # Pillow's decoders raise any of these on a file that is cut off or made to hurt.
        raise NotAPhoto(str(UNREADABLE)) from None


def _redrawn(content: bytes) -> Clean:
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        pixels = image.width * image.height
        if pixels > (MOST_PIXELS_JPEG if image.format in ("JPEG", "MPO") else MOST_PIXELS):
            message = _("This picture has too many pixels: %(w)s × %(h)s.") % {"w": image.width, "h": image.height}
            raise NotAPhoto(message)
        if min(image.size) < SMALLEST_SIDE:
            raise NotAPhoto(_("This picture is too small: %(n)s pixels at least.") % {"n": SMALLEST_SIDE})
        if image.format in ("JPEG", "MPO"):
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        upright = ImageOps.exif_transpose(image)
        flat = _on_white(upright)
        flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        return Clean(_encoded(flat, "jpeg", {"quality": 90}), flat.width, flat.height)


def _on_white(image: Image.Image) -> Image.Image:
    """RGB; what is transparent becomes white, as on paper."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    return image.convert("RGB")


def _encoded(image: Image.Image, name: str, options: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    # A bare copy: encoders would write the info of the source (EXIF, profiles, comments) again.
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    bare.save(out, name.upper(), **options)
    return out.getvalue()


@transaction.atomic
def put(*, person: Student | Staff, content: bytes, by: audit.Actor | None, at: datetime) -> Photo:
    """Take a person's new portrait and ask for its variants; raises NotAPhoto naming `photo`."""
    cleaned = clean(content)
    person = type(person).objects.lock(person.pk)
    kind = "student" if isinstance(person, Student) else "staff"
    digest = hashlib.sha256(cleaned.content).hexdigest()[:16]
    path = f"photos/{kind}/{person.pk}/{digest}/original.jpg"
    photo = Photo.objects.filter(**{kind: person}).first() or Photo(**{kind: person})
    old = _paths(photo) - {path} if photo.original != path else set()
    storage.save(path, cleaned.content)
    photo.original, photo.width, photo.height = path, cleaned.width, cleaned.height
    photo.state, photo.variants, photo.reason = PhotoState.WAITING, {}, ""
    photo.save()
    audit.record("photo.uploaded", on=person, by=by, at=at, changes={"size": f"{photo.width} × {photo.height}"})
    jobs.later("people.make_photo_variants", photo_id=str(photo.pk))
    transaction.on_commit(lambda: _delete(old))
    return photo


@transaction.atomic
def remove(*, person: Student | Staff, by: audit.Actor | None, at: datetime) -> None:
    """Forget a person's portrait and its files."""
    kind = "student" if isinstance(person, Student) else "staff"
    photo = Photo.objects.select_for_update().filter(**{kind: person}).first()
    if photo is None:
        return
    paths = _paths(photo)
    audit.record("photo.removed", on=person, by=by, at=at)
    photo.delete()
    transaction.on_commit(lambda: _delete(paths))


def make_variants(*, photo_id: str, at: datetime) -> str:
    """Make the pictures that pages show out of an original; gives back the photo's state. Twice changes nothing.

    The JPEG always stays; WebP and AVIF only where they are smaller than what an older browser would get.
    """
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None or photo.state == PhotoState.READY:
        return photo.state if photo else "gone"
    made: dict[str, dict[str, str]] = {}
    reason = ""
    try:
        content = storage.read(photo.original)
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as source:
            source.load()
            made = _variants(source.convert("RGB"), photo.original.rpartition("/")[0])
    except NotFound:
        reason = _("The file is not there any more. Upload it again.")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        reason = str(UNREADABLE)
    with transaction.atomic():
        held = Photo.objects.select_for_update().filter(pk=photo.pk, original=photo.original).first()
        if held is None:
            # Replaced or removed meanwhile: the newer upload has a job of its own.
            _delete({path for paths in made.values() for path in paths.values()})
            return "gone"
        held.state = PhotoState.REFUSED if reason else PhotoState.READY
        held.variants, held.reason = made, reason
        held.save()
        cache.bump("people")  # the API shows whether there is a photo
        if reason:
            audit.record("photo.refused", on=held.student or held.staff, by=None, at=at, changes={"reason": reason})
    return held.state


def _variants(source: Image.Image, folder: str) -> dict[str, dict[str, str]]:
    made: dict[str, dict[str, str]] = {}
    for width in WIDTHS:
        image = source.copy()
        image.thumbnail((width, width * 4), Image.Resampling.LANCZOS)
        smallest: int | None = None
        kept: dict[str, str] = {}
        for name, options in ENCODERS:
            content = _encoded(image, name, options)
            if smallest is None or len(content) < smallest:
                smallest = len(content)
                kept[name] = storage.save(f"{folder}/{width}.{name}", content)
        made[str(width)] = kept
    return made


def _paths(photo: Photo) -> set[str]:
    found = {path for kept in photo.variants.values() for path in kept.values()}
    return found | ({photo.original} if photo.original else set())


def _delete(paths: set[str]) -> None:
    for path in paths:
        storage.delete(path)
