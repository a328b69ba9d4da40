"""What may not be done to tables while schools work: each rule with its bad and its good example."""

from collections.abc import Callable

import pytest
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.core.management import CommandError
from django.db import migrations as m
from django.db import models
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.functions import Now, Random

from tenants.fleet import lint
from tenants.fleet.operations import DropColumn, DropTable
from tests.tenants.fleet.conftest import NextVersion

pytestmark = pytest.mark.django_db
Char, Int = models.CharField, models.IntegerField


def before() -> ProjectState:
    """A version with students and classes."""
    state = ProjectState()
    state.add_model(ModelState("people", "SchoolClass", [("id", models.BigAutoField(primary_key=True))]))
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", Char(max_length=40)),
        ("town", Char(max_length=40, null=True)),
        ("points", Int(default=0)),
        ("fee", models.DecimalField(max_digits=8, decimal_places=2)),
        ("house", Char(max_length=10, db_default="")),
        ("school_class", models.ForeignKey("people.SchoolClass", models.CASCADE)),
        ("friends", models.ManyToManyField("people.Student")),
    ]
    state.add_model(ModelState("people", "Student", fields, {"unique_together": {("name", "town")}}))
    return state


def migration(*operations: Operation, atomic: bool = True, initial: bool | None = None) -> Migration:
    made = Migration("0002_next", "people")
    made.operations, made.dependencies, made.atomic = list(operations), [("people", "0001_initial")], atomic
    made.initial = initial
    return made


def found(*operations: Operation, **options: bool) -> list[lint.Finding]:
    return list(lint.read(migration(*operations, **options), before(), reasons={}))


INDEX = models.Index(fields=["name"], name="student_name")
UNIQUE = models.UniqueConstraint(fields=["town"], name="one_town")
CHECK = models.CheckConstraint(condition=models.Q(points__gte=0), name="points_positive")
TABLE = m.CreateModel("Badge", [("id", models.BigAutoField(primary_key=True)), ("name", Char(max_length=9))])
BARE = {"null": True, "db_index": False}
AUTHOR = models.ForeignKey("people.Student", models.CASCADE, null=True)


@pytest.mark.parametrize(
    ("operation", "label", "why"),
    [
        (m.AddField("Student", "nick", Char(max_length=9, default="")), "AddField student.nick", "NOT NULL without"),
        (m.AddField("Student", "nick", Char(max_length=9)), "AddField student.nick", "NOT NULL without"),
        (m.AddField("Student", "nick", Char(max_length=9, null=True, db_index=True)), "AddField student.nick", "index"),
        (m.AddField("Student", "nick", Char(max_length=9, null=True, unique=True)), "AddField student.nick", "index"),
        (m.AddField("Student", "author", AUTHOR), "AddField student.author", "index"),
        (m.AddField("Student", "luck", models.FloatField(db_default=Random())), "AddField student.luck", "rewrites"),
        (m.AlterField("Student", "points", models.BigIntegerField()), "AlterField student.points", "rewrites"),
        (m.AlterField("Student", "name", Char(max_length=20)), "AlterField student.name", "rewrites"),
        (m.AlterField("Student", "name", ArrayField(Int())), "AlterField student.name", "rewrites"),
        (
            m.AlterField("Student", "fee", models.DecimalField(max_digits=9, decimal_places=3)),
            "AlterField student.fee",
            "rewrites",
        ),
        (m.AlterField("Student", "points", models.PositiveIntegerField()), "AlterField student.points", "check"),
        (m.AlterField("Student", "town", Char(max_length=40)), "AlterField student.town", "NOT NULL"),
        (m.AlterField("Student", "name", Char(max_length=40, unique=True)), "AlterField student.name", "index"),
        (m.AlterField("Student", "name", Char(max_length=40, db_index=True)), "AlterField student.name", "index"),
        (m.AlterField("Student", "name", Char(max_length=40, db_column="n")), "AlterField student.name", "old name"),
        (
            m.AlterField("Student", "name", Char(max_length=40, db_collation="C")),
            "AlterField student.name",
            "collation",
        ),
        (m.AlterField("Student", "points", AUTHOR), "AlterField student.points", "reference"),
        (m.AddIndex("Student", INDEX), "AddIndex student.student_name", "AddIndexConcurrently"),
        (m.AddConstraint("Student", UNIQUE), "AddConstraint student.one_town", "stops writes"),
        (m.AddConstraint("Student", CHECK), "AddConstraint student.points_positive", "AddConstraintNotValid"),
        (m.AlterUniqueTogether("Student", {("name", "points")}), "AlterUniqueTogether student", "stops writes"),
        (m.AlterOrderWithRespectTo("Student", "school_class"), "AlterOrderWithRespectTo student", "NOT NULL"),
        (m.RenameField("Student", "town", "city"), "RenameField student.town", "old name"),
        (m.RenameModel("Student", "Pupil"), "RenameModel student", "old name"),
        (m.AlterModelTable("Student", "pupils"), "AlterModelTable student", "old name"),
        (m.RemoveField("Student", "town"), "RemoveField student.town", "DropColumn"),
        (m.RemoveField("Student", "friends"), "RemoveField student.friends", "DropTable"),
        (m.DeleteModel("Student"), "DeleteModel student", "DropTable"),
        (DropColumn("people_student", "town"), "DropColumn people_student.town", "still names"),
        (DropColumn("people_student", "school_class_id"), "DropColumn people_student.school_class_id", "still names"),
        (DropTable("people_student"), "DropTable people_student", "still names"),
        (
            m.SeparateDatabaseAndState([m.AddIndex("Student", INDEX)]),
            "AddIndex student.student_name",
            "AddIndexConcurrently",
        ),
        (
            m.SeparateDatabaseAndState([], [m.RemoveField("Student", "name")]),
            "RemoveField student.name",
            "no model would fill",
        ),
        (m.RunSQL("ALTER TABLE people_student ALTER COLUMN points TYPE bigint"), "RunSQL 1", "rewrites"),
        (m.RunSQL("ALTER TABLE people_student ALTER town SET NOT NULL"), "RunSQL 1", "whole table"),
        (m.RunSQL("ALTER TABLE people_student RENAME town TO city"), "RunSQL 1", "old name"),
        (m.RunSQL("alter table people_student drop column town"), "RunSQL 1", "DropColumn"),
        (m.RunSQL(["SELECT 1", "CREATE INDEX student_town ON people_student (town)"]), "RunSQL 1", "CONCURRENTLY"),
        (m.RunSQL("ALTER TABLE people_student ADD CONSTRAINT c CHECK (points > 0)"), "RunSQL 1", "whole table"),
        (m.RunSQL("ALTER TABLE people_student ADD CONSTRAINT u UNIQUE (town)"), "RunSQL 1", "stops writes"),
        (m.RunSQL("LOCK TABLE people_student"), "RunSQL 1", "locks"),
        (m.RunSQL("TRUNCATE people_student"), "RunSQL 1", "locks"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_unsafe_is_refused_by_name(operation: Operation, label: str, why: str) -> None:
    [finding] = found(operation)
    assert (finding.migration, finding.operation) == ("people.0002_next", label)
    assert why in finding.problem


@pytest.mark.parametrize(
    "operations",
    [
        [m.AddField("Student", "nick", Char(max_length=9, null=True))],
        [m.AddField("Student", "nick", Char(max_length=9, default="", db_default=""))],
        [m.AddField("Student", "seen", models.DateTimeField(null=True))],
        [m.AddField("Student", "badges", models.ManyToManyField("people.SchoolClass"))],
        [
            m.AddField(
                "Student", "author", models.ForeignKey("people.Student", models.CASCADE, null=True, db_index=False)
            )
        ],
        [m.AlterField("Student", "name", Char(max_length=80))],
        [m.AlterField("Student", "name", models.TextField())],
        [m.AlterField("Student", "name", Char("how one is called", max_length=40, blank=True))],
        [m.AlterField("Student", "points", Int(default=1, choices=[(1, "one")]))],
        [m.AlterField("Student", "points", Int(null=True))],
        [m.AlterField("Student", "fee", models.DecimalField(max_digits=12, decimal_places=2))],
        [m.AlterField("Student", "school_class", models.ForeignKey("people.SchoolClass", models.PROTECT))],
        [AddConstraintNotValid("Student", CHECK), ValidateConstraint("Student", "points_positive")],
        [m.RemoveIndex("Student", "gone"), m.AlterModelOptions("Student", {"ordering": ["name"]})],
        [m.AlterUniqueTogether("Student", set())],
        [m.SeparateDatabaseAndState([], [m.RemoveField("Student", "house")])],
        [m.SeparateDatabaseAndState([], [m.RemoveField("Student", "town")])],
        [DropColumn("people_student", "forgotten"), DropTable("people_forgotten")],
        [m.RunPython(m.RunPython.noop)],
        [m.RunSQL("UPDATE people_student SET town = '' WHERE town IS NULL AND id < 1000")],
        [m.RunSQL("CREATE INDEX CONCURRENTLY student_town ON people_student (town)")],
        [m.RunSQL("ALTER TABLE people_student ADD CONSTRAINT c CHECK (points > 0) NOT VALID")],
        [m.RunSQL("CREATE TRIGGER t BEFORE TRUNCATE ON people_student EXECUTE FUNCTION refuse()")],
        [
            TABLE,
            m.AddField("Badge", "student", models.ForeignKey("people.Student", models.CASCADE)),
            m.AddIndex("Badge", models.Index(fields=["name"], name="badge_name")),
            m.AddConstraint("Badge", models.UniqueConstraint(fields=["name"], name="badge_once")),
            m.AlterField("Badge", "name", Int()),
            m.RunPython(m.RunPython.noop),
        ],
    ],
)
def test_what_is_safe_passes(operations: list[Operation]) -> None:
    assert found(*operations) == []


def test_an_index_built_beside_the_writes_passes() -> None:
    assert found(AddIndexConcurrently("Student", INDEX), atomic=False) == []


def test_rows_and_tables_are_not_changed_in_one_transaction() -> None:
    both = (m.AddField("Student", "nick", Char(max_length=9, null=True)), m.RunPython(m.RunPython.noop))
    [finding] = found(*both)
    assert finding.operation == "RunPython 2" and "lock" in finding.problem
    assert found(*both, atomic=False) == []


def test_an_initial_migration_builds_tables_that_nobody_uses_yet() -> None:
    assert found(m.AddField("Student", "nick", Char(max_length=9)), initial=True) == []
    first = Migration("0001_first", "people")
    first.operations = [m.AddIndex("Student", INDEX)]
    assert list(lint.read(first, before(), reasons={})) == []


def test_a_second_operation_is_read_with_what_the_first_has_done() -> None:
    widened = m.AlterField("Student", "name", Char(max_length=80))
    [finding] = found(widened, m.AlterField("Student", "name", Char(max_length=60)))
    assert "rewrites" in finding.problem


def test_a_default_that_is_the_same_for_all_rows_costs_nothing() -> None:
    assert found(m.AddField("Student", "nick", Char(max_length=9, db_default="x"))) == []
    assert found(m.AddField("Student", "seen", models.DateTimeField(db_default=Now()))) == []
    [finding] = found(m.AddField("Student", "luck", models.FloatField(db_default=Random())))
    assert "rewrites" in finding.problem


@pytest.mark.parametrize(
    ("reason", "passes"), [("a school has some hundred students", True), ("ok", False), ("", False)]
)
def test_a_reason_answers_for_an_operation_when_it_is_one(reason: str, passes: bool) -> None:
    unsafe = migration(m.AddIndex("Student", INDEX))
    left = list(lint.read(unsafe, before(), reasons={"AddIndex student.student_name": reason}))
    assert (left == []) is passes


def test_a_reason_for_what_nobody_objects_to_is_refused_itself() -> None:
    safe = migration(m.AddField("Student", "nick", Char(max_length=9, null=True)))
    [finding] = lint.read(safe, before(), reasons={"AddField student.nick": "it is only a small table"})
    assert "nobody objects" in finding.problem


def test_every_migration_of_this_version_is_safe(fleet: Callable[..., str]) -> None:
    assert lint.findings() == []
    assert fleet("lint") == "Every migration is safe while schools work.\n"


def test_the_command_names_file_and_operation_and_what_to_write(
    next_version: NextVersion, fleet: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    name = next_version.brings('migrations.RenameField("household", "town", "city"),')
    with pytest.raises(CommandError, match=r'SAFE_UNDER_LOAD = \{"RenameField household.town": "…"\}'):
        fleet("lint")
    assert capsys.readouterr().err.startswith(f"people.{name}: RenameField household.town: the version before")


def test_a_migration_answers_for_itself_in_its_module(next_version: NextVersion, fleet: Callable[..., str]) -> None:
    next_version.brings(
        'migrations.RenameField("household", "town", "city"),',
        before='SAFE_UNDER_LOAD = {"RenameField household.town": "no version has read it yet"}',
    )
    assert fleet("lint") == "Every migration is safe while schools work.\n"
