"""An interrupt that only make was sent: it waits for its recipe then, and tells it nothing."""

import os
import signal
from collections.abc import Callable
from pathlib import Path


def watch() -> Callable[[], bool]:
    """Whether the make that runs this process has been interrupted or killed; never, when none does or it is not Linux.

    Ctrl-C reaches both, SIGTERM is passed on by make itself. While make handles SIGINT, the kernel shows it blocked.
    """
    parent = os.getppid()
    status = Path(f"/proc/{parent}/status")
    if _field(status, "Name") not in ("make", "gmake"):
        return lambda: False
    return lambda: os.getppid() != parent or bool(int(_field(status, "SigBlk") or "0", 16) & 1 << signal.SIGINT - 1)


def _field(status: Path, name: str) -> str:
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(f"{name}:")), "")
