"""Which migrations only change words, and that those are noted without a model being built."""

from collections.abc import Sequence

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from schools.people.choices import Sex
from tenants.migrating import Executor, changes_words_only


def before(app: str, name: str) -> ProjectState:
    """The state behind a migration."""
    state: ProjectState = MigrationLoader(None, ignore_no_migrations=True).project_state((app, name))
    return state


def altering(*fields: "tuple[str, models.Field]") -> migrations.Migration:
    made = migrations.Migration("next", "people")
    made.operations = [migrations.AlterField("student", name, field) for name, field in fields]
    return made


WORDS = models.CharField("number at this school", max_length=30, help_text="As on the card.")
LONGER = models.CharField("admission number", max_length=31)
CHOICES = models.CharField(max_length=1, choices=[*Sex.choices, ("X", "other")], default=Sex.UNKNOWN)
RENAMED = models.CharField(max_length=30, db_column="number")
EMPTY = models.CharField("admission number", max_length=30, null=True)


@pytest.mark.parametrize(
    ("fields", "only"),
    [
        ([("admission_number", WORDS)], True),
        ([("sex", CHOICES)], True),
        ([("admission_number", WORDS), ("sex", CHOICES)], True),
        ([("admission_number", LONGER)], False),
        ([("admission_number", WORDS), ("admission_number", LONGER)], False),
        ([("admission_number", RENAMED)], False),
        ([("admission_number", EMPTY)], False),
        ([], False),
    ],
    ids=["label", "choices", "both", "length", "label and length", "column", "null", "nothing"],
)
def test_words_are_what_the_database_does_not_know(fields: "Sequence[tuple[str, models.Field]]", only: bool) -> None:
    assert changes_words_only(before("people", "0001_initial"), altering(*fields)) is only


def test_the_librarys_labels_are_noted_and_its_new_columns_are_made(in_mwangaza: object) -> None:
    executor = Executor(connection)
    labels = executor.loader.get_migration("oauth2_provider", "0021_translatable_field_labels")
    columns = executor.loader.get_migration("oauth2_provider", "0012_add_token_checksum")
    behind = before("oauth2_provider", "0020_cimd_application_fields")
    assert changes_words_only(behind, labels) and not changes_words_only(behind, columns)
    assert behind.apps is not None
    after = executor.apply_migration(behind, labels)
    assert "apps" not in after.__dict__
    assert after.models["oauth2_provider", "application"].fields["name"].verbose_name == "name"
