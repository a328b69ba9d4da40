"""make bench-cards: nine hundred ID cards with photos, from records to the PDF."""

import io
import logging
import os
import random
import sys
import time
from typing import Any

from PIL import Image

from loadtests.bench.figures import PAGE, Figure, keep, section

CARDS, PORTRAITS = 900, 60
TITLE = "Nine hundred ID cards"


def main() -> int:
    """Measure, print, and keep it in docs/performance.md; 1 when the promise is missed."""
    school = _set_up()
    logging.disable(logging.INFO)
    from pypdf import PdfReader

    from core import clock
    from schools.papers import services, setting
    from schools.people.models import Student
    from tenants import context

    with context.in_school(school):
        students = list(Student.objects.all())
        services.issue_cards(students=students, by=None, at=clock.now())
        began = time.perf_counter()
        found = services.issue_cards(students=students, by=None, at=clock.now())
        made = setting.cards(found, "sheet")
        spent = time.perf_counter() - began
    pages = len(PdfReader(io.BytesIO(made)).pages)
    figures = [
        Figure("cards with a photo and a QR code each", CARDS, None, ""),
        Figure("from the records to the PDF", spent, 5, "s"),
        Figure("its pages", pages, None, ""),
        Figure("its size", len(made) / 2**20, None, "MB"),
    ]
    table = section(TITLE, "make bench-cards", figures)
    print(table)
    keep(PAGE, TITLE, table)
    return 0 if all(figure.kept for figure in figures) else 1


def _set_up() -> Any:
    sys.path.insert(1, "platform")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from core import clock, storage
    from schools.people.choices import PhotoState
    from schools.people.models import Photo, Student
    from tenants import context, provisioning

    print("Tables ...", flush=True)
    call_command("migrate_shared", verbosity=0)
    at = clock.now()
    school = provisioning.request(
        slug="cards", name="Card School", head_name="", head_email="", by=None, at=at, in_background=False
    )
    school = provisioning.provision(str(school.pk), at=at)
    print(f"{CARDS} students with photos ...", flush=True)
    with context.in_school(school):
        paths = [storage.save(f"photos/bench-{n}.jpeg", _portrait(n)) for n in range(PORTRAITS)]
        students = [
            Student(first_name="Wanjiru", last_name=f"Kamau {n}", admission_number=f"A{n:04}") for n in range(CARDS)
        ]
        for student in students:
            student.refresh_search()
        Student.objects.bulk_create(students, batch_size=500)
        Photo.objects.bulk_create(
            Photo(
                student=student,
                state=PhotoState.READY,
                original=paths[n % PORTRAITS],
                variants={"256": {"jpeg": paths[n % PORTRAITS]}},
            )
            for n, student in enumerate(students)
        )
    return school


def _portrait(number: int) -> bytes:
    """A picture of 256 × 320 points, about as hard to compress as a face."""
    chance = random.Random(number)
    small = Image.frombytes("RGB", (32, 40), bytes(chance.randrange(60, 220) for _ in range(32 * 40 * 3)))
    out = io.BytesIO()
    small.resize((256, 320), Image.Resampling.BICUBIC).save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
