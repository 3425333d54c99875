"""Boxes do not touch each other, arrows do not cross boxes, labels stand free."""

from __future__ import annotations

import random
from itertools import combinations, pairwise

import pytest

from presgen.rendering.studio.slides.diagram import in_rows, lay_out

CHAIN = tuple((n, n + 1, "next") for n in range(7))
GRAPHS = {
    "one": (1, ()),
    "pair": (2, ((0, 1, "goes"), (1, 0, "comes"))),
    "chain": (8, CHAIN),
    "ring": (5, tuple((n, (n + 1) % 5, "") for n in range(5))),
    "star": (6, tuple((0, n, "to") for n in range(1, 6))),
    "long way": (4, ((0, 1, ""), (1, 2, ""), (2, 3, ""), (0, 3, "direct"))),
    "itself": (2, ((0, 0, "again"), (0, 1, "on"))),
    "nowhere": (2, ((0, 7, "lost"), (-1, 0, ""), (0, 1, ""))),
    "loose": (3, ()),
}
ROOMS = {"landscape": (64, 161, 1152, 340), "beside": (56, 175, 768, 400), "portrait": (44, 202, 632, 690)}


def random_graph(seed):
    draw = random.Random(seed)
    nodes = draw.randint(2, 8)
    ends = {(draw.randrange(nodes), draw.randrange(nodes)) for _ in range(draw.randint(1, 8))}
    return nodes, tuple((*pair, draw.choice(("", "yes", "returns"))) for pair in sorted(ends))


ALL = GRAPHS | {f"random {seed}": random_graph(seed) for seed in range(40)}


def meet(one, other, by=0.5):
    return (
        min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0]) > by
        and min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1]) > by
    )


@pytest.mark.parametrize("room", ROOMS.values(), ids=ROOMS)
@pytest.mark.parametrize("graph", ALL.values(), ids=ALL)
def test_a_plan_keeps_apart_what_belongs_apart(graph, room):
    nodes, edges = graph
    for plan in (lay_out(nodes, edges, *room), in_rows(nodes, edges, *room, range(nodes))):
        boxes = [(*corner, *plan.box) for corner in plan.nodes]
        labels = [edge.label for edge in plan.edges if edge and edge.label]

        assert min(plan.box) >= 40
        assert not any(meet(one, other) for one, other in combinations([*boxes, *labels], 2))
        for box in boxes:
            assert room[0] - 1 <= box[0]
            assert box[0] + box[2] <= room[0] + room[2] + 1
            assert room[1] - 1 <= box[1]
            assert box[1] + box[3] <= room[1] + room[3] + 1
        for edge in filter(None, plan.edges):
            for (ax, ay), (bx, by) in pairwise(edge.points):
                assert ax == bx or ay == by
                line = (min(ax, bx) - 0.1, min(ay, by) - 0.1, abs(ax - bx) + 0.2, abs(ay - by) + 0.2)
                assert not any(meet(line, box, 0.15) for box in boxes)


@pytest.mark.parametrize("graph", ALL.values(), ids=ALL)
def test_every_arrow_ends_at_its_boxes(graph):
    nodes, edges = graph
    plan = lay_out(nodes, edges, *ROOMS["landscape"])

    for (start, end, words), route in zip(edges, plan.edges, strict=True):
        if route is None:
            assert not (0 <= start < nodes and 0 <= end < nodes)
            continue
        assert on_edge(route.points[0], plan.nodes[start], plan.box)
        assert on_edge(route.points[-1], plan.nodes[end], plan.box)
        assert (route.label is not None) or not words


def on_edge(point, corner, size):
    (x, y), (left, top), (width, height) = point, corner, size
    level = top - 0.1 <= y <= top + height + 0.1
    upright = left - 0.1 <= x <= left + width + 0.1
    beside = min(abs(x - left), abs(x - left - width)) < 0.1
    over = min(abs(y - top), abs(y - top - height)) < 0.1
    return (beside and level) or (over and upright)


def test_a_wide_room_is_filled_from_left_to_right_and_a_tall_one_downwards():
    edges = ((0, 1, ""), (1, 2, ""))
    wide, tall = lay_out(3, edges, 0, 0, 1200, 300), lay_out(3, edges, 0, 0, 600, 900)

    assert wide.nodes[0][0] < wide.nodes[1][0] < wide.nodes[2][0]
    assert tall.nodes[0][1] < tall.nodes[1][1] < tall.nodes[2][1]


def test_the_same_diagram_is_laid_out_the_same_way():
    assert lay_out(8, CHAIN, *ROOMS["beside"]) == lay_out(8, CHAIN, *ROOMS["beside"])
