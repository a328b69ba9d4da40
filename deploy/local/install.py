"""The virtual environment of this folder: made once, installed again only when a lock file changed."""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
SOURCE_ROOTS = (ROOT, ROOT / "platform")
EVERYTHING = "requirements-dev.lock"  # a superset of requirements.lock


def main(lock: str) -> int:
    """Bring `.venv` to what `lock` says, with every package checked against its hash."""
    if sys.version_info < (3, 11):  # noqa: UP036 (it runs under whatever python3 the machine has)
        found = ".".join(map(str, sys.version_info[:2]))
        print(f"Python 3.11 or newer is needed, {sys.executable} is {found}: make PYTHON=python3.12 …", file=sys.stderr)
        return 1
    if _is_current(lock):
        return 0
    python = VENV / "bin" / "python"
    if not _runs(python):
        print("Creating .venv …", flush=True)
        try:
            venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(VENV)
        except subprocess.CalledProcessError:
            print("This Python has no venv module (on Debian: apt install python3-venv).", file=sys.stderr)
            return 1
    print(f"Installing the packages of {lock} …", flush=True)
    # Nothing to resolve: the lock is complete. Modules are compiled at their first import, if ever.
    options = ("-qq", "--require-hashes", "--no-deps", "--no-compile")
    done = subprocess.run([str(python), "-m", "pip", "install", *options, "-r", str(ROOT / lock)], check=False)
    if done.returncode:
        print(f"pip could not install {lock}: its reason stands above.", file=sys.stderr)
        return 1
    _add_source_roots(python)
    (VENV / f"{lock}.installed").write_text(_fingerprint(lock))
    return 0


def _is_current(lock: str) -> bool:
    return _runs(VENV / "bin" / "python") and any(
        (VENV / f"{name}.installed").exists() and (VENV / f"{name}.installed").read_text() == _fingerprint(name)
        for name in {lock, EVERYTHING}
    )


def _fingerprint(lock: str) -> str:
    """The locked packages for this folder: a virtual environment does not survive being moved."""
    return hashlib.sha256((ROOT / lock).read_bytes() + str(VENV).encode()).hexdigest()


def _runs(python: Path) -> bool:
    """Whether the environment's Python still stands (the system's may have been replaced under it)."""
    try:
        return subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _add_source_roots(python: Path) -> None:
    """Make both source roots importable, after every installed package."""
    where = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip())
    (site / "shule.pth").write_text("".join(f"{root}\n" for root in SOURCE_ROOTS))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
