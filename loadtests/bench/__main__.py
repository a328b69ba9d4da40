"""python -m loadtests.bench [--write docs/performance.md]: every promised figure, from a fresh clone on."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from loadtests.bench import cost, hammer, page, provisioning, running, statements
from loadtests.bench.figures import Figure, keep, section

TITLE = "One deployment"


def main() -> int:
    """Measure and print; 1 when a promise is missed."""
    options = argparse.ArgumentParser(prog="python -m loadtests.bench", description=__doc__)
    options.add_argument("--write", type=Path, help="keep the table in this file")
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="shule-bench-"))
    folder.chmod(0o711)
    try:
        figures = measure(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    table = section(TITLE, "make bench", figures)
    print(table)
    if given.write:
        keep(given.write, TITLE, table)
    return 0 if all(figure.kept for figure in figures) else 1


def measure(folder: Path) -> list[Figure]:
    """A fresh clone, its second start, and everything else on that."""
    clone, var = folder / "clone", folder / "clone" / "var"
    subprocess.run(["git", "clone", "--quiet", running.ROOT, clone], check=True)
    print("A fresh clone, started ...", flush=True)
    with running.demo(clone, var) as (_, first):
        pass
    print("The same again ...", flush=True)
    with running.demo(clone, var) as (card, second):
        figures = [
            Figure("fresh clone to `var/demo.json`, warm package cache", first, 180, "s"),
            Figure("second start", second, 10, "s"),
        ]
        for what, part in (
            ("CPU per request", lambda: cost.figures(clone, card, var)),
            ("Statements", lambda: statements.figures(clone, card, var)),
            ("The register page", lambda: page.figures(card)),
            ("New schools", lambda: provisioning.figures(clone, card, var)),
            ("The hammer", lambda: hammer.figures()),
        ):
            print(f"{what} ...", flush=True)
            figures += part()
    return figures


if __name__ == "__main__":
    sys.exit(main())
