"""The committed dashboards: what Grafana needs, what a reader needs, and nothing that the code does not export."""

import json
import pathlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from monitoring import metrics
from monitoring.grafana import generate

MONITORING = pathlib.Path(__file__).parents[2] / "monitoring"
FOLDER = MONITORING / "grafana" / "dashboards"
FILES = sorted(FOLDER.glob("*.json"))
BUILT_IN = {"$__rate_interval", "$__interval", "$__range", "$__all"}


def load(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def panels(board: dict[str, Any]) -> list[dict[str, Any]]:
    """All panels that show something, those inside collapsed rows too."""
    found = [panel for panel in board["panels"] if panel["type"] != "row"]
    for row in board["panels"]:
        found.extend(row.get("panels") or [])
    return found


def expressions(board: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Title and PromQL of every query."""
    for panel in panels(board):
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.fixture(params=[file.name for file in FILES])
def board(request: pytest.FixtureRequest) -> dict[str, Any]:
    return load(request.param)


def test_there_is_a_dashboard() -> None:
    assert [file.name for file in FILES] == sorted(generate.BOARDS)


def test_the_committed_files_are_what_the_code_generates() -> None:
    assert {file.name: file.read_text(encoding="utf-8") for file in FILES} == generate.rendered()
    assert generate.main(["--check"]) == 0


def test_it_is_a_classic_dashboard_that_grafana_can_provision(board: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z0-9-]{1,40}", board["uid"])
    assert board["schemaVersion"] >= 39
    assert board.get("id") is None
    assert board["title"] and board["description"] and board["tags"] == ["shule"]
    assert board["timezone"] == "browser"
    assert "__inputs" not in board and "__requires" not in board
    assert board["annotations"] == {"list": []}


def test_no_two_dashboards_share_an_address() -> None:
    assert len({load(file.name)["uid"] for file in FILES}) == len(FILES)


def test_panels_have_ids_of_their_own(board: dict[str, Any]) -> None:
    ids = [panel["id"] for panel in board["panels"]]

    assert len(ids) == len(set(ids))
    assert all(isinstance(number, int) and number > 0 for number in ids)


def test_panels_lie_on_the_grid_and_none_covers_another(board: dict[str, Any]) -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in board["panels"]:
        place = panel["gridPos"]
        assert place["x"] >= 0 and place["w"] >= 1 and place["x"] + place["w"] <= 24, panel["title"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, f"{panel['title']} covers {taken[x, y]}"
                taken[x, y] = panel["title"]


def test_every_line_of_panels_fills_the_width(board: dict[str, Any]) -> None:
    widths: dict[int, int] = {}
    for panel in board["panels"]:
        widths[panel["gridPos"]["y"]] = widths.get(panel["gridPos"]["y"], 0) + panel["gridPos"]["w"]

    assert set(widths.values()) == {24}


def test_every_panel_says_what_it_shows_and_in_which_unit(board: dict[str, Any]) -> None:
    for panel in panels(board):
        assert panel["title"], panel["id"]
        assert len(panel["description"]) > 20 and panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"] in {"s", "short", "percentunit", "reqps", "ops", "bytes"}
        if panel["fieldConfig"]["defaults"]["unit"] == "percentunit" and panel["type"] == "timeseries":
            assert panel["fieldConfig"]["defaults"]["max"] == 1


def test_titles_are_not_repeated(board: dict[str, Any]) -> None:
    titles = [panel["title"] for panel in panels(board)]

    assert len(titles) == len(set(titles))


def test_the_reader_chooses_the_data_source(board: dict[str, Any]) -> None:
    chosen = {"type": "prometheus", "uid": "${DS_PROMETHEUS}"}
    variables = {variable["name"]: variable for variable in board["templating"]["list"]}
    assert variables["DS_PROMETHEUS"]["type"] == "datasource"
    assert variables["DS_PROMETHEUS"]["query"] == "prometheus"
    for variable in variables.values():
        assert variable["type"] == "datasource" or variable["datasource"] == chosen
    for panel in panels(board):
        assert panel["datasource"] == chosen
        assert [target["datasource"] for target in panel["targets"]] == [chosen] * len(panel["targets"])
        references = [target["refId"] for target in panel["targets"]]
        assert len(references) == len(set(references))


def test_every_variable_in_an_expression_is_defined(board: dict[str, Any]) -> None:
    defined = {f"${variable['name']}" for variable in board["templating"]["list"]} | BUILT_IN
    for title, expression in expressions(board):
        used = {f"${name}" for name in re.findall(r"\$\{?(\w+)", expression)}
        assert used <= defined, title


def test_every_metric_and_label_in_an_expression_is_exported(board: dict[str, Any]) -> None:
    series = metrics.series()
    for title, expression in expressions(board):
        named = set(re.findall(r"\bshule_\w+", expression))
        assert named, title
        assert named <= set(series), f"{title}: {named - set(series)}"
        for name, matchers in re.findall(r"\b(shule_\w+)\{([^}]*)\}", expression):
            used = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers))
            assert used <= series[name], f"{title}: {name} has no label {used - series[name]}"
        grouped = {
            label.strip() for group in re.findall(r"\b(?:by|on) \(([^)]*)\)", expression) for label in group.split(",")
        }
        assert grouped <= set().union(*(series[name] for name in named)), title


def test_counters_are_only_ever_rated(board: dict[str, Any]) -> None:
    for title, expression in expressions(board):
        for counter in re.finditer(r"\bshule_\w+(?:_total|_bucket|_sum|_count)\b", expression):
            assert re.search(r"(?:rate|increase)\($", expression[: counter.start()]), title


def test_every_metric_the_code_exports_is_shown_somewhere() -> None:
    shown = " ".join(expression for file in FILES for _, expression in expressions(load(file.name)))
    unseen = {
        metric._name
        for metric in metrics.METRICS
        if not re.search(rf"\b{metric._name}(?:_total|_bucket|_sum)?\b", shown)
    }

    assert unseen == set()


def test_the_provisioning_files_name_what_they_must() -> None:
    provisioning = MONITORING / "grafana" / "provisioning"
    boards = yaml.safe_load((provisioning / "dashboards" / "shule.yaml").read_text())
    sources = yaml.safe_load((provisioning / "datasources" / "prometheus.yaml").read_text())

    assert boards["apiVersion"] == sources["apiVersion"] == 1
    (provider,) = boards["providers"]
    assert (provider["type"], provider["allowUiUpdates"]) == ("file", False)
    assert provider["options"]["path"].startswith("/")
    (source,) = sources["datasources"]
    assert (source["type"], source["url"], source["isDefault"]) == ("prometheus", "${PROMETHEUS_URL}", True)
