"""The curricula that a school begins with, as data: CBE and 8-4-4 from the country's catalogue, IGCSE from its own."""

import json
from pathlib import Path
from typing import Any

from schools.academics import catalogue
from schools.academics.choices import Curriculum

DATA = Path(__file__).parent / "data"


def known() -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Curriculum, name of the version, and its lines."""
    return [
        (Curriculum.CBE, "2024", _of_country(Curriculum.CBE)),
        (Curriculum.C844, "2002", _of_country(Curriculum.C844)),
        (Curriculum.IGCSE, "Cambridge", _of_file("igcse")),
    ]


def _of_country(curriculum: str) -> list[dict[str, Any]]:
    lines = []
    for level in catalogue.grade_levels():
        if level.curriculum != curriculum:
            continue
        for area in catalogue.learning_areas():
            if area.curriculum == curriculum and level.stage in area.stages:
                lines.append(line(level.code, area.code, area.name, core=not area.optional))
    return lines


def _of_file(name: str) -> list[dict[str, Any]]:
    held = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return [
        line(level, one["code"], one["name"], core=one["core"]) for level in held["levels"] for one in held["lines"]
    ]


def line(level: str, code: str, name: str, *, core: bool, lessons: int | None = None) -> dict[str, Any]:
    """One line of a version."""
    return {"level": level, "code": code, "name": name, "core": core, "lessons": lessons}
