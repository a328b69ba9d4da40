"""One demo per data folder."""

import fcntl
import os
from pathlib import Path
from typing import TextIO

from deploy.local.failure import StartError


def hold(folder: Path) -> TextIO:
    """Take the folder for this process until the returned file is closed; the kernel frees it when the process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    held = (folder / "demo.lock").open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.seek(0)
        owner = held.read().strip()
        held.close()
        raise StartError(f"A demo runs in {folder} already (process {owner}): stop it, or give VAR=another.") from None
    os.register_at_fork(after_in_child=held.close)  # a copy of this process holds nothing
    held.truncate(0)
    held.write(f"{os.getpid()}\n")
    held.flush()
    return held
