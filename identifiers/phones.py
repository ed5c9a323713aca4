"""Phone numbers, as far as they could be taken for something else."""

import re
from collections.abc import Iterator
from itertools import pairwise

from identifiers.digits import Groups, clusters, joined, joint, plain_digits, sizes

MARKER = "[telefonnummer fjernet]"
_SHAPES = ([8], [2, 2, 2, 2], [4, 4], [2, 3, 3], [3, 2, 3], [2, 6])


def mask_phones(text: str) -> str:
    """The text without phone numbers. Only for what no person reads to ring somebody, such as a log."""
    parts, copied_to = [], 0
    for start, end in _spans(plain_digits(text)):
        parts += [text[copied_to:start], MARKER]
        copied_to = end
    return "".join([*parts, text[copied_to:]])


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for groups in clusters(text):
        if _is_international(groups):
            yield groups[0].start() - 1, groups[-1].end()
            continue
        at = 0
        while at < len(groups):
            length = 0 if _is_in_a_word(groups[at]) else length_of_phone(groups[at:])
            if length:
                yield groups[at].start(), groups[at + length - 1].end()
            at += length or 1


def _is_international(groups: Groups) -> bool:
    text, start = groups[0].string, groups[0].start()
    return text[:start].endswith("+") and 8 <= len(joined(groups)) <= 15


def _is_in_a_word(group: re.Match[str]) -> bool:
    around = group.string[: group.start()][-1:], group.string[group.end() :][:1]
    return any(character.isalpha() or character == "_" for character in around)


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
