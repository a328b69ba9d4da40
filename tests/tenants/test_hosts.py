"""Which host opens what."""

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "host",
    [
        "nobody.shule.localhost",
        "mwangaza.shule.localhost.evil.example",
        "xn--mwangaza-9za.shule.localhost",
        "mwangaza_.shule.localhost",
        "10.0.0.1",
        "mwangaza.shule.localhost:80:80",
        "mwangaza.shule.localhost@evil.example",
        "..",
        "' or 1=1",
    ],
)
def test_a_host_that_is_no_schools_answers_404(cast: Cast, host: str) -> None:
    response = Client(HTTP_HOST=host).get("/")
    assert response.status_code == 404


@pytest.mark.parametrize(
    "host", ["MWANGAZA.Shule.localhost", "mwangaza.shule.localhost.", "mwangaza.shule.localhost:8123"]
)
def test_case_a_trailing_dot_and_a_port_change_nothing(cast: Cast, host: str) -> None:
    response = Client(HTTP_HOST=host).get("/manifest.webmanifest")
    assert response.status_code == 200
    assert response.json()["name"].startswith("Mwangaza")
