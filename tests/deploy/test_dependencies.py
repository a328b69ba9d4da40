"""What the product imports is what a demo and the image install, not what a developer happens to have."""

import ast
import importlib.metadata
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("platform", "tenants", "schools", "billing", "api", "workers", "monitoring")
ONLY_FOR_DEVELOPERS = ("monitoring/grafana/",)  # writes the dashboards, whose JSON is committed


def imported(tree):
    """The top-level names of the modules that a file imports when it runs."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            waiting.extend(node.orelse)
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        waiting.extend(ast.iter_child_nodes(node))


def test_every_import_is_of_the_project_the_standard_library_or_the_lock():
    locked = set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    owners = importlib.metadata.packages_distributions()
    ours = {path.name for root in (ROOT, ROOT / "platform") for path in root.iterdir() if path.is_dir()}
    strangers = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            where = str(path.relative_to(ROOT))
            if where.startswith(ONLY_FOR_DEVELOPERS):
                continue
            for name in imported(ast.parse(path.read_text())):
                distributions = {re.sub(r"[._]", "-", owner.lower()) for owner in owners.get(name, [])}
                if name not in sys.stdlib_module_names and name not in ours and not distributions & locked:
                    strangers.add(f"{where} imports {name}")
    assert strangers == set()
