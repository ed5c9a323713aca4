"""A real OpenID provider that the tests start: oidc-provider, in a process of its own."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from setup.tools import node_environment

HERE = Path(__file__).parent
CLIENT_ID, CLIENT_SECRET = "digispor", "a-client-secret-for-tests"


class Provider:
    """The provider, and the people it knows.

    Args:
        process: Where it runs.
        public_url: The console, as it knows it.
    """

    def __init__(self, process: "subprocess.Popen[str]", public_url: str) -> None:
        self._process = process
        self._public_url = public_url
        self.issuer = ""

    def know(self, **people: dict[str, Any]) -> None:
        """Makes it know these people, with these claims, and nobody else."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        told = json.dumps({"publicUrl": self._public_url, "people": people})
        self._process.stdin.write(told + "\n")
        self._process.stdin.flush()
        # It says its issuer each time it has understood.
        self.issuer = self._process.stdout.readline().strip()


@contextmanager
def open_provider(public_url: str) -> Iterator[Provider]:
    """Starts the provider for a console at an address."""
    process = subprocess.Popen(
        ["node", "provider.js"],
        cwd=HERE,
        env={**os.environ, **node_environment()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    provider = Provider(process, public_url)
    try:
        provider.know()
        yield provider
    finally:
        process.kill()
        process.wait()
