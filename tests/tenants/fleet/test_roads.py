"""Both roads lead to the same school."""

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_migrate

from core import scope
from schools.people.models import Household
from tenants import context, template
from tenants.fleet import full, lean, status
from tenants.models import School
from tests.database import structure
from tests.tenants.fleet.conftest import NextVersion, columns

MANY = """
migrations.AddField("student", "nickname", models.CharField(max_length=40, null=True)),
migrations.AddField("household", "zone", models.CharField(max_length=40, default="", db_default="", db_index=True)),
migrations.AddField("guardian", "left_handed", models.BooleanField(default=False, db_default=False)),
migrations.CreateModel("Badge", [
    ("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=40, unique=True)),
    ("student", models.ForeignKey("people.Student", on_delete=models.CASCADE, related_name="badges")),
    ("guardians", models.ManyToManyField("people.Guardian")),
]),
migrations.AddConstraint("badge", models.CheckConstraint(condition=~Q(name=""), name="people_badge_named")),
migrations.AddField("badge", "household", models.ForeignKey("people.Household", models.CASCADE, null=True)),
migrations.AlterField("household", "town", models.CharField(max_length=120, blank=True)),
migrations.AlterField("household", "county", models.CharField(max_length=60, blank=True, unique=False, null=True)),
migrations.AddIndex("student", models.Index(fields=["left_on"], name="people_student_left")),
migrations.RemoveField("guardian", "left_handed"),
migrations.SeparateDatabaseAndState(
    database_operations=[migrations.AddField("household", "later", models.IntegerField(null=True))],
),
migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("student", "nickname")]),
DropColumn("people_student", "nickname"),
DropIndex("people_student_updated"),
"""
CONCURRENT = """
AddIndexConcurrently("household", models.Index(fields=["zone", "town"], name="people_household_zone")),
"""


def applied_in_order(school: School) -> list[tuple[str, str]]:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {school.schema}.django_migrations ORDER BY id")
        return cursor.fetchall()


def road_of(school: School) -> lean.Road | None:
    return lean.Roads().of(status.applied(school.schema))


def travel(school: School, run: str) -> None:
    with context.in_school(school):
        road = road_of(school)
        assert road is not None
        road.run() if run == "lean" else full.run()


def test_the_lean_and_the_full_road_leave_the_same_tables_and_records(
    schools: dict[str, School], next_version: NextVersion
) -> None:
    next_version.brings(MANY)
    next_version.brings(CONCURRENT, atomic=False)
    travel(schools["mwangaza"], "lean")
    travel(schools["baraka"], "full")

    mwangaza, baraka = structure(schools["mwangaza"].schema), structure(schools["baraka"].schema)
    assert mwangaza == baraka
    assert any("people_household_zone" in line for line in mwangaza) and any(
        "people_badge" in line for line in mwangaza
    )
    assert not any("people_student_updated" in line or "pattern_ops" in line for line in mwangaza)
    assert applied_in_order(schools["mwangaza"]) == applied_in_order(schools["baraka"])
    assert {standing.place.value for standing in status.read()} == {"at_head"}


@pytest.mark.parametrize("run", ["lean", "full"])
def test_neither_road_gives_a_school_permissions_or_content_types(
    schools: dict[str, School], next_version: NextVersion, run: str
) -> None:
    """Nothing of a school depends on them; both roads tell the apps what Django's own command tells them."""
    next_version.brings('migrations.CreateModel("Badge", [("id", models.BigAutoField(primary_key=True))]),')
    told: list[str] = []

    def listen(sender: Any, **_: object) -> None:
        told.append(f"{scope.current().slug} {sender.label}")

    post_migrate.connect(listen)
    try:
        travel(schools["mwangaza"], run)
    finally:
        post_migrate.disconnect(listen)
    assert "mwangaza people" in told
    with context.in_school(schools["mwangaza"]), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_content_type'), to_regclass('auth_permission')")
        assert cursor.fetchone() == (None, None)


def test_one_road_serves_schools_after_each_other(schools: dict[str, School], next_version: NextVersion) -> None:
    next_version.brings(MANY)
    roads = lean.Roads()
    seen = set()
    for school in schools.values():
        with context.in_school(school):
            road = roads.of(status.applied(school.schema))
            assert road is not None
            seen.add(id(road))
            road.run()
    assert len(seen) == 1
    assert structure(schools["mwangaza"].schema) == structure(schools["baraka"].schema)


@pytest.mark.parametrize(
    "operation",
    [
        "migrations.RunPython(migrations.RunPython.noop),",
        "migrations.RunSQL('SELECT 1'),",
        "migrations.SeparateDatabaseAndState([migrations.RunSQL('SELECT 1')]),",
        "migrations.RenameField('household', 'town', 'city'),",
    ],
)
def test_what_looks_into_rows_or_renames_goes_the_full_road(
    schools: dict[str, School], next_version: NextVersion, operation: str
) -> None:
    next_version.brings(operation)
    with context.in_school(schools["mwangaza"]):
        assert road_of(schools["mwangaza"]) is None


def test_a_data_migration_sees_each_schools_own_rows_in_the_shape_of_its_time(
    schools: dict[str, School], next_version: NextVersion
) -> None:
    next_version.brings()
    next_version.brings(
        "migrations.RunPython(name_zones),",
        before="""
        def name_zones(apps, schema_editor):
            Household = apps.get_model("people", "Household")
            for household in Household._base_manager.all():
                household.zone = f"{household.name} of {household.town}"
                household.save()
        """,
    )
    zones = {}
    for slug, school in schools.items():
        with context.in_school(school):
            full.run()
            with connection.cursor() as cursor:
                cursor.execute("SELECT zone FROM people_household")
                zones[slug] = cursor.fetchall()
    assert zones == {"mwangaza": [("Barasa family of Nakuru",)], "baraka": [("Mohamed family of Nakuru",)]}


@pytest.mark.parametrize("run", ["lean", "full"])
def test_a_migration_that_breaks_leaves_nothing_of_itself(
    schools: dict[str, School], next_version: NextVersion, run: str
) -> None:
    name = next_version.brings(
        """migrations.AddField("household", "zone", models.CharField(max_length=40, null=True, db_index=True)),
           migrations.AddConstraint("household", models.CheckConstraint(condition=Q(town=""), name="no_town")),"""
    )
    school = schools["mwangaza"]
    with pytest.raises(IntegrityError, match="no_town"):
        travel(school, run)
    assert "zone" not in columns(school, "people_household")
    assert ("people", name) not in status.applied(school.schema)


@pytest.mark.parametrize("run", ["lean", "full"])
def test_an_index_that_was_left_half_built_is_built_anew(
    schools: dict[str, School], next_version: NextVersion, run: str
) -> None:
    next_version.brings(CONCURRENT.replace('"zone", ', ""), atomic=False)
    school = schools["mwangaza"]
    with context.in_school(school), connection.cursor() as cursor:
        cursor.execute("CREATE INDEX people_household_zone ON people_household (name)")
        travel(school, run)
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s AND schemaname = current_schema()",
                       ["people_household_zone"])  # fmt: skip
        assert cursor.fetchone()[0].endswith("(town)")


def test_the_record_is_looked_for_in_the_schools_own_schema(db: None, mwangaza: School) -> None:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA s_bare")
    bare = template._scratch("s_bare")
    with context.in_school(bare):
        assert not MigrationRecorder(connection).has_table()
    with context.in_school(mwangaza):
        assert MigrationRecorder(connection).has_table()
    with pytest.raises(ProgrammingError), context.in_school(bare):
        Household.objects.count()
