"""Base classes that say where a table lives: in public, in each school, or in both."""

import uuid
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models.functions import Coalesce

from core import ids, scope

M = TypeVar("M", bound=models.Model)
NOBODY = uuid.UUID(int=0)


class Rows(models.QuerySet[M]):
    """Rows of one model, refused when no school is selected."""

    def lock(self, pk: Any) -> M:
        """Fetch one row `FOR UPDATE`: the single address of every lock on it."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class _Manager(models.Manager[M]):
    home: ClassVar[str]

    def get_queryset(self) -> Rows[M]:
        """Start a query, failing closed outside the place where the table lives."""
        self._check(scope.current())
        return Rows(self.model, using=self._db)

    def none(self) -> Rows[M]:
        """No rows, anywhere: forms name a model before a school is known."""
        return Rows(self.model, using=self._db).none()

    def lock(self, pk: Any) -> M:
        """Fetch one row `FOR UPDATE`."""
        return self.get_queryset().lock(pk)

    def _check(self, current: scope.Scope) -> None:
        raise NotImplementedError


class SchoolManager(_Manager[M]):
    """Rows of the current school only."""

    def _check(self, current: scope.Scope) -> None:
        scope.current_school()


class PublicManager(_Manager[M]):
    """Rows of the platform itself."""

    def _check(self, current: scope.Scope) -> None:
        if not current.is_public:
            raise scope.NoSchool(f"{self.model.__name__} lives in the public schema: read it through in_public().")


class EverywhereManager(_Manager[M]):
    """Rows of whichever scope is current: each school has its own table, and so has the platform."""

    def _check(self, current: scope.Scope) -> None:
        return None


class _Row(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    @property
    def version(self) -> str:
        """Names this state of the row, for ETag and If-Match."""
        return f"{self.updated_at:%Y%m%d%H%M%S%f}"


class SchoolModel(_Row):
    """A table in every school's schema and nowhere else."""

    objects: ClassVar[SchoolManager[Self]] = SchoolManager()

    class Meta:
        abstract = True


class PublicModel(_Row):
    """A table in the public schema and nowhere else."""

    objects: ClassVar[PublicManager[Self]] = PublicManager()

    class Meta:
        abstract = True


class EverywhereModel(_Row):
    """A table in the public schema and in every school's: the search path decides whose."""

    objects: ClassVar[EverywhereManager[Self]] = EverywhereManager()

    class Meta:
        abstract = True


class Job(PublicModel):
    """One piece of background work, from the transaction that asked for it to its end (see `core.jobs`)."""

    school_id = models.UUIDField(null=True)
    name = models.CharField(max_length=120)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=30)
    cap = models.PositiveSmallIntegerField(default=2, db_default=2)
    state = models.CharField(
        max_length=10,
        choices=[("waiting", "waiting"), ("running", "running"), ("done", "done"), ("failed", "failed")],
        default="waiting",
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    request_id = models.CharField(max_length=64, blank=True)
    error = models.TextField(blank=True, db_default="")
    run_after = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["run_after"], name="core_job_open", condition=models.Q(state__in=["waiting", "running"])
            ),
            models.Index(fields=["school_id", "-created_at"], name="core_job_school"),
            models.Index(
                "queue",
                Coalesce("school_id", models.Value(NOBODY, models.UUIDField())),
                "run_after",
                name="core_job_lanes",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=["queue"], name="core_job_running", condition=models.Q(state="running")),
        ]


class Lane(PublicModel):
    """When a school was last given a worker in a queue (see `core.turns`); the platform's own lane is NOBODY."""

    queue = models.CharField(max_length=30)
    lane = models.UUIDField()
    served_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "lane"], name="core_lane_once")]


class Due(PublicModel):
    """When a school's periodic work is next due: one row per school and task, read by the scheduler's tick."""

    school_id = models.UUIDField()
    name = models.CharField(max_length=120)
    every_seconds = models.PositiveIntegerField()
    next_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_id", "name"], name="core_due_once")]
        indexes = [models.Index(fields=["next_at"], name="core_due_next")]


class Anchor(PublicModel):
    """The newest seal of each school's audit trail, kept outside the school's own schema."""

    scope_id = models.CharField(max_length=36)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope_id"], name="core_anchor_scope")]
