"""The rules that no linter has."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ["platform", "tenants", "schools", "billing", "api", "workers", "monitoring", "deploy", "loadtests"]


def sources() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def test_the_scope_is_entered_by_tenants_and_held_by_the_cache_only() -> None:
    allowed = ("tenants/", "platform/core/scope.py", "platform/core/cache.py")
    found = [
        f"{named(p)}:{line}"
        for p in sources()
        for name, line in calls(p)
        if name.endswith("_entered") and not named(p).startswith(allowed)
    ]
    assert found == []


def test_search_path_is_set_in_one_place_and_by_the_two_clients_that_try_a_pooler() -> None:
    found = [named(p) for p in sources() if re.search(r"SET (LOCAL )?search_path", p.read_text(), re.IGNORECASE)]
    assert found == ["tenants/backend/base.py", "tenants/pooler.py"]


def test_nobody_switches_schema_behind_the_back() -> None:
    words = ("set_schema(", "set_tenant(", "schema_context(", "tenant_context(", "with tenant:")
    found = [
        named(p)
        for p in sources()
        if named(p) != "tenants/backend/base.py" and any(word in p.read_text() for word in words)
    ]
    assert found == []


def test_the_cache_is_reached_through_core_only() -> None:
    allowed = {"platform/core/cache.py", "platform/core/channel.py"}
    found = [
        named(p)
        for p in sources()
        if named(p) not in allowed and re.search(r"django\.core\.cache|get_redis_connection", p.read_text())
    ]
    assert found == []


def test_no_signal_carries_the_flow() -> None:
    found = [named(p) for p in sources() if re.search(r"db\.models\.signals|@receiver\(", p.read_text())]
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [named(p) for p in sources() if p.stem in {"utils", "helpers", "common", "misc", "util", "helper"}]
    assert found == []


def test_every_module_and_public_function_says_what_it_is_for() -> None:
    missing: list[str] = []
    for path in sources():
        tree = ast.parse(path.read_text())
        if tree.body and ast.get_docstring(tree) is None:
            missing.append(named(path))
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and node.name not in {"Meta", "Media"}
                and ast.get_docstring(node) is None
                and not _inner(tree, node)
                and not _is_protocol_line(node)
                and not _is_setter(node)
            ):
                missing.append(f"{named(path)}:{node.lineno} {node.name}")
    assert missing == []


def _inner(tree: ast.Module, wanted: ast.AST) -> bool:
    """Inside a function, or a method of a private class: not public."""
    for node in ast.walk(tree):
        private = isinstance(node, ast.ClassDef) and node.name.startswith("_")
        closed = isinstance(node, ast.FunctionDef) or private
        if closed and any(child is wanted for child in ast.walk(node) if child is not node):
            return True
    return False


def _is_protocol_line(node: ast.AST) -> bool:
    body = getattr(node, "body", [])
    return len(body) == 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)


def _is_setter(node: ast.AST) -> bool:
    return any(ast.unparse(d).endswith(".setter") for d in getattr(node, "decorator_list", []))


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "XX" + "X:"])
def test_nothing_is_left_for_later(word: str) -> None:
    assert [named(p) for p in sources() if word in p.read_text()] == []


def test_services_take_who_and_when() -> None:
    """A write of a domain says by whom and when, keyword-only."""
    wrong: list[str] = []
    for path in [*(ROOT / "schools").glob("*/services.py"), *(ROOT / "schools").glob("*/services/*.py")]:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                names = {arg.arg for arg in node.args.kwonlyargs}
                if node.args.args or not {"by", "at"} <= names:
                    wrong.append(f"{named(path)}:{node.lineno} {node.name}")
    assert wrong == []


def test_the_repository_names_no_path_of_a_machine_and_no_registry() -> None:
    hosts = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "deb." + "debian.org"]
    wrong: list[str] = []
    for path in [
        *sources(),
        *ROOT.glob("*.*"),
        ROOT / "Makefile",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "deploy").rglob("*"),
    ]:
        if path.is_file() and path.name != ".git" and path.suffix not in {".png", ".pyc"}:  # a worktree's is a file
            text = path.read_text(errors="ignore")
            wrong += [f"{named(path)}: {word}" for word in ["/work/" + "main", *hosts] if word in text]
    assert wrong == []
