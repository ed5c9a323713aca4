"""Phone numbers, as far as they could be taken for something else."""

from itertools import pairwise

from identifiers.digits import Groups, joined, joint, sizes

_SHAPES = ([8], [2, 2, 2, 2], [4, 4], [2, 3, 3], [3, 2, 3], [2, 6])


def length_of_phone(groups: Groups) -> int:
    """How many of the groups, from the first one, are a Danish phone number; 0 for none."""
    shape = next((shape for shape in _SHAPES if sizes(groups[: len(shape)]) == shape), None)
    # None begins with 0 or 1.
    return len(shape) if shape and groups[0].group()[0] not in "01" else 0


def length_of_two_phones(groups: Groups) -> int:
    """How many of the groups are two phone numbers beside each other; 0 when they are not."""
    first = length_of_phone(groups)
    second = length_of_phone(groups[first:]) if first else 0
    return first + second if second and not _is_one_of_fours(groups[: first + second]) else 0


def is_foreign_phone(groups: Groups) -> bool:
    """Tells whether a plus stands before the groups, and they are no ten digits."""
    text, start = groups[0].string, groups[0].start()
    return text[:start].endswith("+") and text[start] != "0" and len(joined(groups)) != 10


def _is_one_of_fours(groups: Groups) -> bool:
    """Four times four digits with the same between them are the number of a card."""
    between = {joint(before, after) for before, after in pairwise(groups)}
    return sizes(groups) == [4, 4, 4, 4] and len(between) == 1
