"""Who listens in this process, so that nobody takes more connections than a person needs."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from backend.live.stream import EventStream
from backend.problems import Problem

MOST_STREAMS = 6


class TooManyStreams(Problem):
    """Somebody listens in too many places already."""

    slug, status, title = "too-many-streams", 429, "There are too many open streams for this login"


class Readers:
    """The open streams, by login."""

    def __init__(self) -> None:
        self._streams: dict[str, set[EventStream]] = defaultdict(set)

    @contextmanager
    def admit(self, login: str, stream: EventStream) -> Iterator[None]:
        """Counts a stream among those of a login for as long as it lasts.

        Raises:
            TooManyStreams: There are as many as may be.
        """
        # A page that was left is noticed at its next sign of life; until then it does not count.
        if sum(other.is_open for other in self._streams[login]) >= MOST_STREAMS:
            raise TooManyStreams
        self._streams[login].add(stream)
        try:
            yield
        finally:
            self._streams[login].discard(stream)
            if not self._streams[login]:
                del self._streams[login]
