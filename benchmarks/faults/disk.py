"""What happens to files: a small disk that runs full, a database that is read-only, one that is locked."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.house import House
from observability.room import has_room


class NotHere(Exception):
    """This machine does not let the fault be made. The text says why."""


class SmallDisk:
    """A file system of its own for the data, so that it can run full.

    Args:
        folder: Where it is mounted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def run_full(self, seconds: float) -> str:
        """Fills the disk to the last byte, and makes room again after a while.

        Raises:
            RuntimeError: There was no room before, so none can be made again.
        """
        if not has_room(self.folder):
            raise RuntimeError("the disk was full before it was to run full")
        ballast = self.folder / "ballast"
        try:
            await asyncio.to_thread(_fill, ballast)
            await asyncio.sleep(seconds)
        finally:
            ballast.unlink(missing_ok=True)
        return f"full for {seconds:g} s"


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """Gives a disk of its own, and takes it away again.

    Args:
        megabytes: How large. The processes do not say that they are ready below 200 MB, and all that is said
            before it runs full needs room too.

    Raises:
        NotHere: Only the administrator of a Linux machine may mount one.
    """
    if os.geteuid() != 0 or shutil.which("mkfs.ext4") is None:
        raise NotHere("a disk that runs full takes Linux, root and mkfs.ext4")
    with tempfile.TemporaryDirectory() as place:
        image, folder = Path(place) / "disk.img", Path(place) / "data"
        folder.mkdir()
        with image.open("wb") as file:
            file.truncate(megabytes * 2**20)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", str(image)], check=True, capture_output=True)
        mounted = subprocess.run(["mount", "-o", "loop", str(image), str(folder)], capture_output=True)
        if mounted.returncode != 0:
            raise NotHere(f"no disk can be mounted: {mounted.stderr.decode().strip()}")
        try:
            yield SmallDisk(folder)
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def make_read_only(house: House, seconds: float) -> str:
    """Lets nobody write to the backend's database for a while, not even those who have it open.

    Raises:
        NotHere: The file system cannot do that, or we may not.
    """
    files = [str(house.folder / name) for name in ("digispor.db", "digispor.db-wal")]
    made = await asyncio.to_thread(subprocess.run, ["chattr", "+i", *files], capture_output=True)
    try:
        if made.returncode != 0:
            raise NotHere(f"no file can be made read-only: {made.stderr.decode().strip()}")
        await asyncio.sleep(seconds)
    finally:
        await asyncio.to_thread(subprocess.run, ["chattr", "-i", *files], capture_output=True)
    return f"read-only for {seconds:g} s"


async def lock(house: House, seconds: float) -> str:
    """Holds the backend's database locked for a while, longer than any write waits for it."""
    connection = sqlite3.connect(house.folder / "digispor.db", timeout=60, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        await asyncio.sleep(seconds)
        connection.execute("ROLLBACK")
    finally:
        connection.close()
    return f"locked for {seconds:g} s"


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
