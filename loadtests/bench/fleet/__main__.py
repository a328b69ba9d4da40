"""python -m loadtests.bench.fleet [--schools 1000] [--home var/fleet]: the figures of a fleet, kept in the page."""

import argparse
import shutil
import sys
from pathlib import Path

from loadtests.bench.figures import PAGE, keep, section
from loadtests.bench.fleet import ground, moment, one, schools, versions, visits
from loadtests.bench.fleet.record import Record

TITLE = "A fleet of schools"


def main() -> int:
    """Measure what no earlier run has, print, and keep it; 1 when a promise is missed."""
    options = argparse.ArgumentParser(prog="python -m loadtests.bench.fleet", description=__doc__)
    options.add_argument("--schools", type=int, default=1000)
    options.add_argument("--home", type=Path, default=Path("var/fleet"), help="where an ended run is taken up again")
    options.add_argument("--page", type=Path, default=PAGE)
    given = options.parse_args()
    home = given.home.resolve() / str(given.schools)
    home.mkdir(parents=True, exist_ok=True)
    record = Record(home / "figures.json")
    with ground.prepared(home, given.schools) as fleet:
        record.step("Schools", lambda: schools.build(fleet))
        record.step("Sizes", lambda: schools.sizes(fleet))
        record.step("Versions", lambda: versions.standing(fleet))
        record.step("Visits", lambda: visits.measure(fleet))
        record.step("One school", lambda: one.measure(fleet))
        record.step("One field", lambda: versions.one_field(fleet))
    record.step("A moment", lambda: moment.measure(home))
    table = section(TITLE, f"make bench-fleet N={given.schools}", record.figures)
    print(table)
    keep(given.page, TITLE, table)
    shutil.rmtree(home)
    return 0 if all(figure.kept for figure in record.figures) else 1


if __name__ == "__main__":
    sys.exit(main())
