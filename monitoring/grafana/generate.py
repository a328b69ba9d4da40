"""Write the dashboards' JSON: `python -m monitoring.grafana.generate`; --check only says whether they are current."""

import argparse
import pathlib
import sys
from collections.abc import Sequence

from monitoring.grafana import overview

FOLDER = pathlib.Path(__file__).parent / "dashboards"
BOARDS = {"shule-overview.json": overview.board}


def rendered() -> dict[str, str]:
    """The text of every dashboard, by file name."""
    return {name: board().as_json() for name, board in BOARDS.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write what changed, or with --check report it; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m monitoring.grafana.generate")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a file is out of date")
    options = parser.parse_args(arguments)
    texts = rendered()
    stale = [
        name
        for name, text in texts.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != text
    ]
    extra = sorted(file.name for file in FOLDER.glob("*.json") if file.name not in texts)
    for name in () if options.check else stale:
        (FOLDER / name).write_text(texts[name], encoding="utf-8")
    for name in () if options.check else extra:
        (FOLDER / name).unlink()
    for name in (*stale, *extra):
        sys.stdout.write(f"{'out of date' if options.check else 'written' if name in texts else 'removed'}: {name}\n")
    return 1 if options.check and (stale or extra) else 0


if __name__ == "__main__":
    sys.exit(main())
