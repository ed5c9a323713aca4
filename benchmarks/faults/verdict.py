"""What the judge has found."""

from dataclasses import dataclass, field


@dataclass
class Verdict:
    """What was found. The lists hold a line for each finding.

    Attributes:
        conversations: How many conversations were held.
        messages: How many messages were acknowledged.
        writes: How many writes were acknowledged.
        claims: How many statements on bookings, erasures and what is stored were held against the databases.
    """

    conversations: int = 0
    messages: int = 0
    writes: int = 0
    claims: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    false_claims: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to complain of."""
        return not (self.lost or self.doubled or self.false_claims or self.stuck or self.traces)

    def findings(self) -> list[str]:
        """All of them, with their kind."""
        kinds = {
            "lost": self.lost,
            "doubled": self.doubled,
            "false claim": self.false_claims,
            "stuck": self.stuck,
            "trace": self.traces,
        }
        return [f"{kind}: {line}" for kind, lines in kinds.items() for line in lines]
