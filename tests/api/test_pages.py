"""Lists: cursors, filters, search, order, counts, and what is wrong with a query."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.v1.urls import RESOURCES
from tenants import context
from tests.api.conftest import admit
from tests.cast import Company


def names(client: Client, query: str) -> list[str]:
    """The first names on one page of students."""
    answer = client.get(f"/api/v1/students/?{query}")
    assert answer.status_code == 200, answer.content
    return [row["first_name"] for row in answer.json()["results"]]


def walk(client: Client, address: str, way: str = "next") -> list[list[str]]:
    """Every page from an address on, by `next` or `previous`."""
    pages: list[list[str]] = []
    found: str | None = address
    while found:
        body = client.get(found).json()
        pages.append([row["id"] for row in body["results"]])
        found = body[way]
    return pages


def reads(seen: CaptureQueriesContext) -> list[str]:
    """The statements that asked for something; a path may have travelled with them."""
    return [query["sql"] for query in seen.captured_queries if not query["sql"].startswith("SET search_path")]


def test_pages_follow_each_other_without_gap_or_repetition_and_lead_back(life: Company, office: Client) -> None:
    with context.in_school(life.school):
        for number in range(8):
            admit(number)
    everybody = walk(office, "/api/v1/students/?page_size=200")[0]
    forward = walk(office, "/api/v1/students/?page_size=3")
    assert [pk for page in forward for pk in page] == everybody
    assert [len(page) for page in forward] == [3, 3, 3, 2]
    last = "/api/v1/students/?page_size=3"
    while following := office.get(last).json()["next"]:
        last = following
    assert walk(office, last, "previous") == list(reversed(forward))


def test_a_page_is_not_moved_by_a_row_that_comes_before_it(life: Company, office: Client) -> None:
    first = office.get("/api/v1/students/?page_size=1").json()
    with context.in_school(life.school):
        life.zawadi.first_name = "Aaa"
        life.zawadi.save()
    assert [row["first_name"] for row in office.get(first["next"]).json()["results"]] == ["Brian"]


def test_the_way_on_keeps_the_question_as_it_was_asked(life: Company, office: Client) -> None:
    first = office.get("/api/v1/students/?search=%C3%A9%27+|&&page_size=1&ordering=-first_name").json()
    assert "/api/v1/students/?search=%C3%A9%27+%7C&page_size=1&ordering=-first_name&cursor=" in first["next"]
    first = office.get("/api/v1/students/?search=b%61rasa+|&page_size=1&ordering=-first_name").json()
    second = office.get(first["next"]).json()
    assert [row["first_name"] for row in first["results"] + second["results"]] == ["Zawadi", "Amani"]
    assert (second["next"], second["previous"].count("cursor=")) == (None, 1)
    assert office.get(second["previous"]).json()["results"] == first["results"]


def test_a_list_is_filtered_searched_and_ordered(life: Company, office: Client) -> None:
    assert names(office, f"class={life.west.pk}") == ["Zawadi"]
    assert names(office, "sex=M") == ["Brian"]
    assert names(office, f"guardian={life.rose.pk}") == ["Amani", "Zawadi"]
    assert names(office, "search=bARASA+zaw") == ["Zawadi"]
    assert names(office, "search=0722418093") == ["Amani", "Zawadi"]
    assert names(office, "ordering=-first_name") == ["Zawadi", "Brian", "Amani"]
    assert names(office, "ordering=last_name,-first_name") == ["Zawadi", "Amani", "Brian"]
    assert names(office, "status=left") == []
    assert names(office, "updated_since=2100-01-01T00:00:00Z") == []


def test_count_is_added_when_asked_for(life: Company, office: Client) -> None:
    body = office.get("/api/v1/students/?count=true&page_size=1").json()
    assert list(body) == ["count", "next", "previous", "results"]
    assert (body["count"], len(body["results"])) == (3, 1)
    assert "count" not in office.get("/api/v1/students/?page_size=1").json()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("page_size=9999999999999999999999", "page_size"),
        ("page_size=-1", "page_size"),
        ("page_size=%D9%A3", "page_size"),
        ("count=yes", "count"),
        ("ordering=password", "ordering"),
        ("ordering=first_name,first_name", "ordering"),
        ("fields=id,password", "fields"),
        ("status=gone", "status"),
        ("class=7", "class"),
        ("class=' OR 1=1 --", "class"),
        ("updated_since=yesterday", "updated_since"),
        ("updated_since=2026-13-45T00:00:00Z", "updated_since"),
        ("updated_since=0001-01-01T00:00:00%2B23:00", "updated_since"),
        ("search=%00", "search"),
        ("search=" + "a" * 201, "search"),
        ("sex=M&sex=F", "sex"),
        ("cursor=abc", "cursor"),
        ("cursor=", "cursor"),
        ("cursor=" + "a" * 3000, "cursor"),
    ],
)
def test_a_wrong_parameter_is_named(query: str, field: str, life: Company, office: Client) -> None:
    answer = office.get(f"/api/v1/students/?{query}")
    if query == "cursor=":
        assert answer.status_code == 200
        return
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [field]


def test_a_cursor_is_good_for_its_own_query_and_school_alone(
    life: Company, office: Client, connect: Any, baraka: Any
) -> None:
    following = office.get("/api/v1/students/?page_size=1").json()["next"]
    cursor = following.partition("cursor=")[2]
    other_query = office.get(f"/api/v1/students/?page_size=1&sex=F&cursor={cursor}")
    assert other_query.status_code == 400
    other_list = office.get(f"/api/v1/guardians/?page_size=1&cursor={cursor}")
    assert other_list.status_code == 400
    elsewhere = connect(baraka).get(f"/api/v1/students/?page_size=1&cursor={cursor}")
    assert elsewhere.status_code == 400
    assert elsewhere.json()["errors"] == {"cursor": ["This cursor is not valid."]}
    assert office.get(f"/api/v1/students/?page_size=1&cursor={cursor[:-2]}AA").status_code == 400


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.resource)
def test_a_list_of_one_and_a_list_of_twenty_cost_the_same_statements(
    resource: Any, life: Company, office: Client
) -> None:
    address = f"/api/v1/{resource.resource}/"
    office.get(address)
    with CaptureQueriesContext(connection) as few:
        office.get(f"{address}?page_size=1")
    with context.in_school(life.school):
        for number in range(20):
            admit(number, life.east)
    office.get(address)
    with CaptureQueriesContext(connection) as many:
        assert office.get(f"{address}?page_size=200").status_code == 200
    assert [len(reads(seen)) for seen in (few, many)] == [1, 1]
