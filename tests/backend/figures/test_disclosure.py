"""No group of one to four citizens can be known from what is told."""

from itertools import combinations, product

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend.figures.disclosure import Hidden, nested, parts, share, tells_nobody, together

SMALL, PROTECTING = Hidden.SMALL, Hidden.PROTECTING
counts = st.integers(0, 14)


def is_told(cell):
    return not isinstance(cell, Hidden)


def fitting(whole, cells):
    """Every way in which the hidden counts may be, for somebody who knows the whole and the rule."""
    # Whoever hides only some tells that those hidden beside the small ones are large.
    some = any(cell is SMALL or is_told(cell) for cell in cells)
    possible = {SMALL: range(1, 5), PROTECTING: range(5 if some else 0, whole + 1)}
    ranges = [[cell] if is_told(cell) else possible[cell] for cell in cells]
    return [world for world in product(*ranges) if sum(world) == whole]


class TestParts:
    def test_large_parts_and_empty_ones_are_told(self):
        assert parts(25, [20, 5, 0]) == [20, 5, 0]

    def test_a_small_part_hides_the_smallest_large_one_with_it(self):
        assert parts(123, [100, 3, 20]) == [100, SMALL, PROTECTING]

    def test_two_small_parts_whose_sum_tells_neither_need_no_other(self):
        assert parts(105, [100, 2, 3]) == [100, SMALL, SMALL]

    def test_two_small_parts_that_are_known_by_their_sum_need_another(self):
        assert parts(128, [100, 4, 4, 20]) == [100, SMALL, SMALL, PROTECTING]
        assert parts(122, [100, 1, 1, 20]) == [100, SMALL, SMALL, PROTECTING]

    def test_one_that_is_just_large_enough_does_not_protect_alone(self):
        assert parts(36, [1, 5, 30]) == [SMALL, PROTECTING, PROTECTING]

    def test_nothing_is_told_where_too_few_can_protect(self):
        assert parts(8, [4, 4, 0]) == [PROTECTING] * 3

    def test_the_parts_of_a_hidden_whole_are_hidden(self):
        assert parts(SMALL, [3, 0]) == [PROTECTING] * 2
        assert parts(PROTECTING, [30, 40]) == [PROTECTING] * 2

    @given(st.lists(counts, min_size=1, max_size=4))
    def test_no_group_of_parts_that_is_too_small_can_be_known(self, given):
        whole = sum(given)
        if not tells_nobody(whole):
            return
        cells = parts(whole, given)
        worlds = fitting(whole, cells)
        assert tuple(given) in worlds
        for size in range(1, len(given) + 1):
            for group in combinations(range(len(given)), size):
                sums = {sum(world[place] for place in group) for world in worlds}
                assert len(sums) > 1 or tells_nobody(sums.pop()), (cells, group)

    @given(st.lists(st.integers(0, 300), max_size=14))
    def test_what_is_told_is_true_and_large_enough(self, given):
        whole = sum(given)
        cells = parts(whole, given)
        for cell, count in zip(cells, given, strict=True):
            assert not is_told(cell) or (cell == count and tells_nobody(cell))
        told = sum(cell for cell in cells if is_told(cell))
        assert tells_nobody(whole) is False or tells_nobody(whole - told)


class TestNested:
    def test_a_step_that_few_left_before_is_hidden(self):
        assert nested([100, 97, 90, 90, 4, 0]) == [100, PROTECTING, 90, 90, SMALL, 0]

    def test_those_few_who_left_are_counted_with_the_next(self):
        assert nested([100, 97, 96, 95]) == [100, PROTECTING, PROTECTING, 95]

    @given(st.lists(counts, max_size=12))
    def test_no_two_told_steps_differ_by_a_group_that_is_too_small(self, drops):
        steps = [sum(drops[place:]) for place in range(len(drops))]
        told = [cell for cell in nested(steps) if is_told(cell)]
        assert all(tells_nobody(step) for step in told)
        assert all(tells_nobody(larger - smaller) for larger, smaller in combinations(told, 2))

    @given(st.lists(st.tuples(counts, counts), min_size=3, max_size=3))
    @hypothesis_settings(max_examples=40, deadline=None)
    def test_no_sum_and_difference_of_told_counts_is_a_group_that_is_too_small(self, drops):
        """Two channels and both together, three steps: every way to add and take away what is told."""
        steps = len(drops)
        told = []
        channels = [nested([sum(d[c] for d in drops[at:]) for at in range(steps)]) for c in (0, 1)]
        for at in range(steps):
            members = [[2 * left + c for left in range(at, steps)] for c in (0, 1)]
            cells = [channels[0][at], channels[1][at]]
            told += [(cell, m) for cell, m in zip(cells, members, strict=True) if is_told(cell)]
            if is_told(both := together(cells)):
                told.append((both, members[0] + members[1]))
        vectors = [[int(atom in members) for atom in range(2 * steps)] for _, members in told]
        for signs in product((-1, 0, 1), repeat=len(told)):
            group = [
                sum(sign * vector[atom] for sign, vector in zip(signs, vectors, strict=True))
                for atom in range(2 * steps)
            ]
            if set(group) <= {0, 1}:
                assert tells_nobody(sum(sign * cell for sign, (cell, _) in zip(signs, told, strict=True)))


class TestTogether:
    def test_it_is_told_only_where_each_is(self):
        assert together([20, 0]) == 20
        assert together([20, SMALL]) is PROTECTING
        assert together([PROTECTING, PROTECTING]) is PROTECTING


class TestShare:
    def test_it_is_told_where_both_sides_are_large_enough(self):
        assert share(5, 10) == 0.5
        assert share(0, 10) == 0
        assert share(10, 10) == 1

    def test_it_is_not_told_of_few(self):
        assert share(2, 10) is None
        assert share(8, 10) is None
        assert share(0, 4) is None
        assert share(0, 0) is None
        assert share(SMALL, 10) is None
        assert share(5, PROTECTING) is None
