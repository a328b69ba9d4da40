"""What the home page shows of classes."""

from typing import Any

from django.http import HttpRequest

from identity.access import user_of
from schools.academics import queries


def mine(request: HttpRequest) -> dict[str, Any] | None:
    """For a teacher: the classes in their care and the groups they teach."""
    user = user_of(request)
    classes = list(queries.with_learners(queries.classes_in_care(user)))
    groups = list(queries.teaching_groups_of(user))
    return {"classes": classes, "groups": groups} if classes or groups else None


def sizes(request: HttpRequest) -> dict[str, Any] | None:
    """For the registrar: classes that are full, and those without a class teacher."""
    classes = list(queries.classes_now(user_of(request)))
    if not classes:
        return None
    full = [row for row in classes if row.capacity and getattr(row, "learners", 0) >= row.capacity]
    alone = [row for row in classes if row.class_teacher_id is None]
    return {"full": full, "alone": alone, "number": len(classes)}


def levels(request: HttpRequest) -> dict[str, Any] | None:
    """For the bursar: how many learners each grade level has."""
    learners: dict[str, int] = {}
    for row in queries.classes_now(user_of(request)).select_related("grade_level"):
        learners[row.grade_level.name] = learners.get(row.grade_level.name, 0) + getattr(row, "learners", 0)
    return {"levels": list(learners.items()), "most": max(learners.values())} if learners else None
