"""What the assessment tests share."""

import pytest

from tests import cast as people


@pytest.fixture
def cast_of_copy(own_database: str, django_db_blocker: pytest.FixtureRequest) -> people.Cast:
    """The cast as a copied database holds it, for tests that commit."""
    return people.read()
