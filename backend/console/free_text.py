"""What staff write in their own words."""

from identifiers import Kind, kinds_in, mask


def holds_cpr(text: str) -> bool:
    """Whether a CPR number stands in it, which is stored nowhere."""
    return Kind.CPR in kinds_in(mask(text))
