"""A Chromium for the journeys: the one on the PATH, else Debian's, else Playwright's own, else one loud line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHT_CACHES = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
PLAYWRIGHT_PROGRAMS = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/**/MacOS/*")


def find() -> Path | None:
    """The browser's program, None when the machine has none."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    for folder in PLAYWRIGHT_CACHES:
        for pattern in PLAYWRIGHT_PROGRAMS:
            for program in sorted(Path(folder).expanduser().glob(pattern), reverse=True):
                return program
    return None


def install() -> None:
    """Install one as this machine does: apt-get as root, else Playwright's own into the user's cache."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "chromium"]):
            if subprocess.run(["apt-get", *arguments], env=quiet, stdout=subprocess.DEVNULL, check=False).returncode:
                break
    if find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    """Make sure of one; with CI=true its absence is a failure, elsewhere the journeys are skipped."""
    if find() is None:
        print("No Chromium yet: installing one for the browser journeys …", flush=True)
        install()
    if find() is not None:
        return 0
    print("!! NO CHROMIUM FOUND AND NONE COULD BE INSTALLED: THE BROWSER JOURNEYS ARE SKIPPED !!", file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
