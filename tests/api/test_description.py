"""The description of the API: valid OpenAPI 3.1, complete, open to read; the page of it."""

import re
from typing import Any

import pytest
import yaml
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from openapi_spec_validator import validate

from api import description
from api.v1.urls import RESOURCES
from tenants.models import School
from tests.api.conftest import host
from tests.cast import Company


@pytest.fixture
def document() -> dict[str, Any]:
    """The document, made anew."""
    reset_generator_stats()
    description.document.cache_clear()
    return dict(description.document())


def test_it_is_made_without_a_warning_and_is_valid(document: dict[str, Any]) -> None:
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache
    validate(document)
    assert document["openapi"] == "3.1.0"
    assert "nullable" not in str(document)


def test_every_resource_is_described_with_its_contract_fields(document: dict[str, Any]) -> None:
    assert {f"/api/v1/{one.resource}/" for one in RESOURCES} <= set(document["paths"])
    wanted = {
        "StudentOut": "id admission_number first_name middle_name last_name date_of_birth sex status class guardians"
        " photo_url created_at updated_at",
        "ClassOut": "id name grade_level stream year",
        "RegisterOut": "id class date session status marks",
        "AttendanceMarkOut": "student code reason minutes_late",
        "AssessmentOut": "id name subject class term kind maximum date",
        "MarkOut": "id student assessment score grade remark",
        "GuardianOut": "id first_name last_name phone email students",
    }
    for name, fields in wanted.items():
        assert set(fields.split()) <= set(document["components"]["schemas"][name]["properties"]), name


def test_every_operation_tells_its_problems_headers_and_credentials(document: dict[str, Any]) -> None:
    assert set(document["components"]["securitySchemes"]) == {"apiKey", "oauth2", "session"}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            answers = operation["responses"]
            assert {"400", "401", "403", "429"} <= set(answers), (path, method)
            good = next(answer for status, answer in answers.items() if status[0] in "23")
            assert {"X-Request-ID", "RateLimit", "RateLimit-Policy"} <= set(good["headers"])
            assert operation["security"]
            assert operation["summary"]
            if method == "get" and path.endswith("/") and "200" in answers:
                assert "ETag" in answers["200"]["headers"]
                assert "304" in answers
            if method == "post":
                assert "Idempotency-Key" in {p["name"] for p in operation["parameters"]}


def test_an_answer_is_as_described(document: dict[str, Any], office: Client, life: Company) -> None:
    from openapi_schema_validator import OAS31Validator

    for one in RESOURCES:
        address = f"/api/v1/{one.resource}/"
        schema = document["paths"][address]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": document["components"]}
        OAS31Validator(whole).validate(office.get(address).json())


def test_it_is_read_without_signing_in(mwangaza: School) -> None:
    stranger = Client(HTTP_HOST=host(mwangaza))
    text = stranger.get("/api/v1/schema/")
    assert text["Content-Type"].startswith("application/vnd.oai.openapi")
    as_yaml = yaml.safe_load(text.content)
    as_json = stranger.get("/api/v1/schema/?format=json").json()
    assert as_yaml == as_json
    again = stranger.get("/api/v1/schema/", headers={"If-None-Match": text["ETag"]})
    assert again.status_code == 304
    assert stranger.get("/api/v1/schema/?format=xml").status_code == 400


def test_the_page_tells_everything_and_needs_nobody_else(mwangaza: School) -> None:
    answer = Client(HTTP_HOST=host(mwangaza)).get("/api/v1/docs/")
    assert answer.status_code == 200
    page = answer.content.decode()
    for one in RESOURCES:
        assert f'id="{one.resource}"' in page
    assert "Idempotency-Key" in page
    assert f"curl http://{host(mwangaza)}/api/v1/students/" in page
    addresses = re.findall(r'(?:src|href|action)="([^"]+)"', page)
    assert not [a for a in addresses if a.startswith(("http", "//"))]
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", page)
    assert not re.search(r"\son[a-z]+=", page)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "data-try" not in page


def test_whoever_is_signed_in_can_try_a_read(life: Company, browse: Any) -> None:
    page = browse(life.head).get("/api/v1/docs/").content.decode()
    assert page.count("data-try") > 20
