"""Whether there is room on the disk: without it nothing can be stored, and every database stops."""

import shutil
from pathlib import Path

LEAST_FREE_BYTES = 200_000_000
"""Below this a process does not count as ready."""


def free_bytes(folder: Path) -> int:
    """How much can still be stored in a folder, or where it would be made."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def has_room(folder: Path) -> bool:
    """Tells whether there is room to work."""
    return free_bytes(folder) >= LEAST_FREE_BYTES
