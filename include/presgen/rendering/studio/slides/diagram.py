"""Where the boxes and arrows of a diagram are: layer after layer, with room for every arrow between boxes.

Arrows that would lead back are laid out forwards and drawn the other way, so that cycles are no trouble. An
arrow over several layers has a lane of its own in each, so that none crosses a box.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

Point: TypeAlias = tuple[float, float]
Edge: TypeAlias = tuple[int, int, str]
Rectangle: TypeAlias = tuple[float, float, float, float]
"""x, y, width and height."""

LANE = 0.3
"""How broad an arrow's lane through a layer is, in boxes."""
_ARROW = 26.0
"""Points a gap has at least, for an arrow and its head."""
_CHANNEL = 14.0
"""Points between arrows that turn in the same gap."""
_CHIP = (26.0, 118.0, 150.0)
"""A label: how high, how wide at most where arrows run across, and where they run down."""
_LETTER = 9.0
"""Points a letter of a label takes, a wide one."""
_SMALL = (112.0, 46.0)
"""Boxes narrower or lower than this are too small for layers: then the boxes stand in rows."""
_SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Route:
    """An arrow."""

    points: tuple[Point, ...]
    """Where it starts, turns and ends; each part is level or upright."""
    label: Rectangle | None
    """The room for its label, around the middle of a straight part."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A diagram, laid out."""

    top: float
    """Where it may begin at most; the title ends above."""
    box: tuple[float, float]
    """Width and height of all boxes."""
    nodes: tuple[Point, ...]
    """Upper left corners of the boxes."""
    edges: tuple[Route | None, ...]
    """None: it names no two boxes."""

    def plain(self) -> dict[str, Any]:
        """Return the plan as the template takes it."""
        return {
            "top": self.top,
            "box": self.box,
            "nodes": self.nodes,
            "edges": [edge and {"points": edge.points, "label": edge.label} for edge in self.edges],
        }


def lay_out(nodes: int, edges: Sequence[Edge], x: float, y: float, width: float, height: float) -> Plan:
    """Return the plan of that many boxes and those arrows, in that room; whichever way gives larger boxes."""
    plans = [_Layout(nodes, edges, across, width, height) for across in (True, False)]
    best = max(plans, key=lambda plan: plan.worth)
    if nodes > 2 and (best.size[0] < _SMALL[0] or best.size[1] < _SMALL[1]):
        return in_rows(nodes, edges, x, y, width, height, best.order)
    return best.plan(x, y)


@dataclass(slots=True)
class _Link:
    """A part of an arrow, from one layer to the next."""

    edge: int
    start: int
    end: int
    """Indices of slots."""
    start_at: float = 0.0
    end_at: float = 0.0
    """Where it leaves and arrives, along the layers."""
    channel: float = 0.0
    """Where it turns, counted from the gap's beginning."""


class _Layout:
    """One way to lay a diagram out. ``across``: layers go from left to right, else downwards."""

    def __init__(self, nodes: int, edges: Sequence[Edge], across: bool, width: float, height: float) -> None:
        self._edges = edges
        self._across = across
        self._nodes = nodes
        self._length, self._breadth = (width, height) if across else (height, width)
        self._forward = _forward(nodes, edges)
        self._layer_of = _layers(nodes, self._forward)
        self._slots: list[tuple[int, int]] = [(layer, node) for node, layer in enumerate(self._layer_of)]
        """(layer, node) of each slot; beyond the boxes, the lanes of arrows: (layer, -1)."""
        self._links = self._chained()
        self._layers = self._ordered()
        self._measure()

    def _chained(self) -> list[list[_Link]]:
        """Return the links in each gap; arrows over several layers get a slot in each."""
        count = max(self._layer_of, default=0) + 1
        links: list[list[_Link]] = [[] for _ in range(max(count - 1, 0))]
        for number, ends in enumerate(self._forward):
            if ends is None:
                continue
            start, end = ends
            slot = start
            for layer in range(self._layer_of[start] + 1, self._layer_of[end]):
                self._slots.append((layer, -1))
                links[layer - 1].append(_Link(number, slot, len(self._slots) - 1))
                slot = len(self._slots) - 1
            links[self._layer_of[end] - 1].append(_Link(number, slot, end))
        return links

    def _ordered(self) -> list[list[int]]:
        """Return the slots of each layer, in the order that crosses least."""
        layers: list[list[int]] = [[] for _ in range(max(self._layer_of, default=0) + 1)]
        for slot, (layer, _) in enumerate(self._slots):
            layers[layer].append(slot)
        best, fewest = [list(layer) for layer in layers], self._crossings(layers)
        for sweep in range(_SWEEPS):
            down = sweep % 2 == 0
            for gap in range(len(layers) - 1) if down else range(len(layers) - 2, -1, -1):
                fixed, moved = (layers[gap], gap + 1) if down else (layers[gap + 1], gap)
                place = {slot: index for index, slot in enumerate(fixed)}
                pulls: dict[int, list[int]] = {}
                for link in self._links[gap]:
                    one, other = (link.end, link.start) if down else (link.start, link.end)
                    pulls.setdefault(one, []).append(place[other])
                before = {slot: float(index) for index, slot in enumerate(layers[moved])}
                layers[moved].sort(
                    key=lambda slot: sum(pulls[slot]) / len(pulls[slot]) if slot in pulls else before[slot]
                )
            if (crossings := self._crossings(layers)) < fewest:
                best, fewest = [list(layer) for layer in layers], crossings
        return best

    def _crossings(self, layers: list[list[int]]) -> int:
        total = 0
        for gap, links in enumerate(self._links):
            upper = {slot: index for index, slot in enumerate(layers[gap])}
            lower = {slot: index for index, slot in enumerate(layers[gap + 1])}
            ends = [(upper[link.start], lower[link.end]) for link in links]
            total += sum(a[0] < b[0] and a[1] > b[1] for a in ends for b in ends)
        return total

    def _weight(self, slot: int) -> float:
        return 1.0 if self._slots[slot][1] >= 0 else LANE

    def _measure(self) -> None:
        """Settle where slots are along the layers, how wide gaps are, and how large boxes."""
        broadest = max(sum(map(self._weight, layer)) for layer in self._layers)
        pitch = self._breadth / max(broadest, 1.0)
        limit = 150.0 if self._across else 300.0
        pitch = min(pitch, limit * 1.5)
        self._thick = min(pitch * 0.74, limit)
        if any(start == end and words for start, end, words in self._edges):
            # The label of an arrow that leads back to its own box stands between two boxes.
            self._thick = min(self._thick, max(pitch - _CHIP[0] - 10.0, pitch * 0.5))
        self._beside = pitch - self._thick
        self._at: dict[int, float] = {}
        for layer in self._layers:
            at = (self._breadth - pitch * sum(map(self._weight, layer))) / 2
            for slot in layer:
                self._at[slot] = at + pitch * self._weight(slot) / 2
                at += pitch * self._weight(slot)
        self._gaps: list[float] = []
        self._labels: dict[int, tuple[int, _Link]] = {}
        self._level: list[float] = []
        self._chips: dict[int, tuple[float, float, float]] = {}
        for gap, links in enumerate(self._links):
            self._ports(links)
            self._gap(gap, links)
        loops = any(start == end for start, end, _ in self._edges)
        count = len(self._layers)
        self._margin = 22.0 if loops else 0.0
        free = self._length - sum(self._gaps) - 2 * self._margin * self._across
        limit = 300.0 if self._across else 130.0
        self._long = min(free / count, limit)
        spare = free - self._long * count
        # What is left over goes into the gaps, within reason.
        if self._gaps:
            more = min(spare / len(self._gaps), 60.0)
            self._gaps = [gap + more for gap in self._gaps]
            self._extra = more
            spare -= more * len(self._gaps)
        else:
            self._extra = 0.0
        self._from = self._margin * self._across + spare / 2

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the boxes; not above 0: there is no room."""
        return (self._long, self._thick) if self._across else (self._thick, self._long)

    @property
    def order(self) -> list[int]:
        """The boxes, layer after layer."""
        return [self._slots[slot][1] for layer in self._layers for slot in layer if self._slots[slot][1] >= 0]

    @property
    def worth(self) -> float:
        """How large the boxes are: the larger, the better words can be read in them."""
        width, height = self.size
        return min(width, 240.0) * min(height, 90.0) if min(width, height) > 0 else min(width, height)

    def _ports(self, links: list[_Link]) -> None:
        """Spread the arrows that leave a box over its side, and those that arrive, in order."""
        for side in ("start", "end"):
            other = "end" if side == "start" else "start"
            by_slot: dict[int, list[_Link]] = {}
            for link in links:
                by_slot.setdefault(getattr(link, side), []).append(link)
            for slot, group in by_slot.items():
                group.sort(key=lambda link: (self._at[getattr(link, other)], link.edge))
                step = min(self._thick / (len(group) + 1), 44.0)
                for index, link in enumerate(group):
                    offset = (index - (len(group) - 1) / 2) * step
                    setattr(link, f"{side}_at", self._at[slot] + offset)
        for link in links:
            # A hair's breadth is no turn.
            if abs(link.start_at - link.end_at) < 1.0:
                link.end_at = link.start_at

    def _gap(self, gap: int, links: list[_Link]) -> None:
        """Settle how wide a gap is: room for labels, channels for arrows that turn, and heads."""
        said = [link for link in links if self._edges[link.edge][2] and self._speaks(gap, link)]
        # Labels stand on the side where more arrows stand apart: where they arrive, or where they leave.
        arriving = len({link.end_at for link in said}) >= len({link.start_at for link in said})
        longest = max((_breadth(self._edges[link.edge][2]) for link in said), default=40.0)
        level = min(longest, _CHIP[1])
        along, across = (level, _CHIP[0]) if self._across else (_CHIP[0], min(longest, _CHIP[2]))
        rows: list[float] = []
        chips: list[tuple[_Link, int]] = []
        spots = sorted(said, key=lambda link: (link.end_at if arriving else link.start_at, link.edge))
        for link in spots:
            at = link.end_at if arriving else link.start_at
            row = next((number for number, last in enumerate(rows) if at - last >= across + 4.0), len(rows))
            if row == len(rows):
                rows.append(at)
            rows[row] = at
            chips.append((link, row))
        zone = len(rows) * (along + 6.0)
        turning = [link for link in links if link.start_at != link.end_at]
        channels = self._channels(turning)
        room = max(len(set(channels.values())) - 1, 0) * _CHANNEL
        head = _ARROW
        for link in turning:
            lane = channels[id(link)]
            link.channel = (16.0 if arriving else zone + 16.0) + lane * _CHANNEL
        before = (16.0 + room + 10.0 if turning else 12.0) if arriving else 8.0
        for link, row in chips:
            at = link.end_at if arriving else link.start_at
            self._chips[link.edge] = (before + row * (along + 6.0), at, across)
            self._labels[link.edge] = (gap, link)
        self._level.append(level)
        self._gaps.append(max(zone + (16.0 + room if turning else 0.0) + head, 40.0))

    def _speaks(self, gap: int, link: _Link) -> bool:
        """Whether an arrow over several layers has its label in this gap: the last one."""
        return self._slots[link.end][1] >= 0 or gap == len(self._links) - 1

    def _channels(self, turning: list[_Link]) -> dict[int, int]:
        """Return a channel for each arrow that turns: those that overlap get different ones."""
        lanes: list[list[tuple[float, float]]] = []
        chosen: dict[int, int] = {}
        # Those going down first from the far end, so that they do not cross each other.
        down = sorted(
            (link for link in turning if link.end_at > link.start_at), key=lambda link: -link.start_at
        )
        up = sorted((link for link in turning if link.end_at < link.start_at), key=lambda link: link.start_at)
        for link in (*down, *up):
            low, high = sorted((link.start_at, link.end_at))
            lane = 0
            for number, taken in enumerate(lanes):
                if any(low < end + 6.0 and start < high + 6.0 for start, end in taken):
                    lane = number + 1
            if lane == len(lanes):
                lanes.append([])
            lanes[lane].append((low, high))
            chosen[id(link)] = lane
        return chosen

    def plan(self, x: float, y: float) -> Plan:
        """Return the plan with its room's upper left corner at (x, y)."""
        starts: list[float] = []
        at = self._from
        for gap in (*self._gaps, 0.0):
            starts.append(at)
            at += self._long + gap

        def point(along: float, across: float) -> Point:
            a, b = (along, across) if self._across else (across, along)
            return round(x + a, 2), round(y + b, 2)

        size = (self._long, self._thick) if self._across else (self._thick, self._long)
        corners = [
            point(starts[layer], self._at[node] - self._thick / 2)
            for node, layer in enumerate(self._layer_of)
        ]
        parts: dict[int, list[tuple[float, float]]] = {}
        for gap, links in enumerate(self._links):
            for link in links:
                begin = starts[gap] + self._long
                shift = self._extra / 2
                path = parts.setdefault(link.edge, [])
                path.append((begin, link.start_at))
                if link.start_at != link.end_at:
                    path += [
                        (begin + link.channel + shift, link.start_at),
                        (begin + link.channel + shift, link.end_at),
                    ]
                path.append((starts[gap + 1], link.end_at))
        taken = [(*corner, *size) for corner in corners]
        room = (x, y, *((self._length, self._breadth) if self._across else (self._breadth, self._length)))
        taken += [chip for number in self._labels if (chip := self._label(number, starts, point)) is not None]
        routes: list[Route | None] = []
        for number, (start, end, words) in enumerate(self._edges):
            if not (0 <= start < self._nodes and 0 <= end < self._nodes):
                routes.append(None)
            elif start == end:
                path = self._loop(corners[start], size)
                label = _chip(path, words, taken, room) if words else None
                routes.append(Route(tuple(path), label))
            else:
                ends = self._forward[number]
                path = _straightened(parts[number])
                if ends != (start, end):
                    path.reverse()
                label = self._label(number, starts, point) if words else None
                routes.append(Route(tuple(point(*each) for each in path), label))
        return Plan(y, (round(size[0], 2), round(size[1], 2)), tuple(corners), tuple(routes))

    def _label(
        self, number: int, starts: Sequence[float], point: Callable[[float, float], Point]
    ) -> Rectangle | None:
        """Return the room of an arrow's label, in the gap where it has one."""
        if number not in self._labels:
            return None
        gap, link = self._labels[number]
        offset, across, broad = self._chips[number]
        begin = starts[gap] + self._long + offset
        if link.start_at == link.end_at or offset > link.channel:
            begin += self._extra / 2
        along = self._level[gap] if self._across else _CHIP[0]
        left, top = point(begin, across - (_CHIP[0] if self._across else broad) / 2)
        return left, top, along if self._across else broad, _CHIP[0]

    def _loop(self, corner: Point, size: tuple[float, float]) -> list[Point]:
        """Return an arrow from a box to itself, over its upper corner."""
        (x, y), (width, height) = corner, size
        reach = min(18.0, self._beside * 0.6)
        out, back = x + width - min(40.0, width / 3), y + min(30.0, height / 3)
        right = x + width + reach
        return [(out, y), (out, y - reach), (right, y - reach), (right, back), (x + width, back)]


def in_rows(
    nodes: int, edges: Sequence[Edge], x: float, y: float, width: float, height: float, order: Sequence[int]
) -> Plan:
    """Return a plan with the boxes in rows, to and fro, and all arrows in the alleys between them."""
    columns, rows = max(
        ((-(-nodes // rows), rows) for rows in range(1, nodes + 1)),
        key=lambda shape: min(width / shape[0] / 2.2, height / shape[1]),
    )
    alley = (min(width / columns * 0.36, 96.0), min(height / rows * 0.46, 74.0))
    # Around the boxes there is half an alley for arrows that lead back.
    pitch = (width / columns, height / rows)
    size = (round(pitch[0] - alley[0], 2), round(min(pitch[1] - alley[1], 130.0), 2))
    cells: dict[int, tuple[int, int]] = {}
    for place, node in enumerate(order):
        row, column = divmod(place, columns)
        cells[node] = (row, column if row % 2 == 0 else columns - 1 - column)
    corners = {
        node: (
            round(x + (column + 0.5) * pitch[0] - size[0] / 2, 2),
            round(y + (row + 0.5) * pitch[1] - size[1] / 2, 2),
        )
        for node, (row, column) in cells.items()
    }
    used: dict[tuple[str, int], int] = {}
    taken = [(left, top, *size) for left, top in corners.values()]
    routes: list[Route | None] = []

    def lane(kind: str, number: int) -> float:
        """Return how far from an alley's middle its next arrow runs: 0, then to either side in turn."""
        count = used[kind, number] = used.get((kind, number), -1) + 1
        step = (count + 1) // 2 * 9.0 * (1 if count % 2 else -1)
        limit = alley[1] / 2 - 12.0 if kind == "row" else alley[0] / 2 - 12.0
        return max(min(step, limit), -limit)

    def port(node: int, side: str) -> float:
        """Return how far from a side's middle its next arrow is."""
        count = used[side, node] = used.get((side, node), -1) + 1
        step = (count + 1) // 2 * 22.0 * (1 if count % 2 else -1)
        limit = (size[0] if side in ("top", "bottom") else size[1]) / 2 - 14.0
        return max(min(step, limit), -limit)

    for start, end, words in edges:
        if not (0 <= start < nodes and 0 <= end < nodes):
            routes.append(None)
            continue
        (left, top), (to_left, to_top) = corners[start], corners[end]
        (row, column), (to_row, to_column) = cells[start], cells[end]
        if start == end:
            right, reach = left + size[0], min(alley) / 3
            path = [(right - 30, top), (right - 30, top - reach), (right + reach, top - reach)]
            path += [(right + reach, top + size[1] / 3), (right, top + size[1] / 3)]
        elif row == to_row and abs(column - to_column) == 1:
            ahead = to_column > column
            level = top + size[1] / 2 + port(min(start, end), "left" if ahead == (start < end) else "right")
            path = [(left + size[0] * ahead, level), (to_left + size[0] * (not ahead), level)]
        elif column == to_column and abs(row - to_row) == 1:
            ahead = to_row > row
            upright = (
                left + size[0] / 2 + port(min(start, end), "bottom" if ahead == (start < end) else "top")
            )
            path = [(upright, top + size[1] * ahead), (upright, to_top + size[1] * (not ahead))]
        else:
            down = to_row > row
            above = row + 1 if down else row  # the alley over that row
            out = left + size[0] / 2 + port(start, "bottom" if down else "top")
            level = y + above * pitch[1] + lane("row", above)
            level = min(max(level, y + 4.0), y + height - 4.0)
            path = [(out, top + size[1] * down), (out, level)]
            last = to_row if down else to_row + 1
            if to_row == row:
                into, arrive = to_left + size[0] / 2 + port(end, "top"), to_top
                path += [(into, level), (into, arrive)]
            elif last == above:
                into = to_left + size[0] / 2 + port(end, "top" if down else "bottom")
                path += [(into, level), (into, to_top + size[1] * (not down))]
            else:
                beside = to_column if to_column > column else to_column + 1
                upright = x + beside * pitch[0] + lane("column", beside)
                upright = min(max(upright, x + 4.0), x + width - 4.0)
                second = y + last * pitch[1] + lane("row", last)
                into = to_left + size[0] / 2 + port(end, "top" if down else "bottom")
                path += [
                    (upright, level),
                    (upright, second),
                    (into, second),
                    (into, to_top + size[1] * (not down)),
                ]
        label = _chip(path, words, taken, (x, y, width, height)) if words else None
        routes.append(Route(tuple((round(a, 2), round(b, 2)) for a, b in _straightened(path)), label))
    return Plan(y, size, tuple(corners[node] for node in range(nodes)), tuple(routes))


def _chip(path: Sequence[Point], words: str, taken: list[Rectangle], room: Rectangle) -> Rectangle | None:
    """Return a place for a label on or by the path, clear of all that is ``taken``; None: there is none."""
    wish = min(_breadth(words), _CHIP[2])
    segments = sorted(
        pairwise(path), key=lambda ends: -abs(ends[0][0] - ends[1][0]) - abs(ends[0][1] - ends[1][1])
    )
    left, top, right, bottom = room[0] - 8, room[1] - 8, room[0] + room[2] + 8, room[1] + room[3] + 8
    for aside in (0.0, 0.6, 1.2, 2.4):
        for broad in (wish, wish * 0.85, wish * 0.75):
            for (ax, ay), (bx, by) in segments:
                for part in (0.45, 0.55, 0.35, 0.65, 0.25, 0.75, 0.15, 0.85):
                    for side in (-aside, aside):
                        level = ay == by
                        x = ax + (bx - ax) * part - broad / 2 + (0 if level else side * broad)
                        y = ay + (by - ay) * part - _CHIP[0] / 2 + (side * _CHIP[0] if level else 0)
                        spot = (round(x, 2), round(y, 2), round(broad, 2), _CHIP[0])
                        inside = left <= x and top <= y and x + broad <= right and y + _CHIP[0] <= bottom
                        if inside and not any(_meet(spot, other) for other in taken):
                            taken.append(spot)
                            return spot
    return None


def _breadth(words: str) -> float:
    """Return how broad a label is, about."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in words)
    return max((len(words) + 0.6 * wide) * _LETTER + 16.0, 40.0)


def _meet(one: Rectangle, other: Rectangle) -> bool:
    return (
        min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0]) > -3.0
        and min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1]) > -3.0
    )


def _straightened(path: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the path without points on a straight line between others; lanes are joined without a step."""
    kept: list[tuple[float, float]] = []
    for each in path:
        if kept and each == kept[-1]:
            continue
        if len(kept) >= 2 and (
            kept[-2][0] == kept[-1][0] == each[0] or kept[-2][1] == kept[-1][1] == each[1]
        ):
            kept[-1] = each
        else:
            kept.append(each)
    return kept


def _forward(nodes: int, edges: Sequence[Edge]) -> list[tuple[int, int] | None]:
    """Return each arrow's ends, turned round where it would close a cycle; None: a loop, or no box there."""
    out: list[list[int]] = [[] for _ in range(nodes)]
    for number, (start, end, _) in enumerate(edges):
        if 0 <= start < nodes and 0 <= end < nodes and start != end:
            out[start].append(number)
    state = [0] * nodes
    turned: set[int] = set()

    def visit(node: int) -> None:
        state[node] = 1
        for number in out[node]:
            end = edges[number][1]
            if state[end] == 1:
                turned.add(number)
            elif state[end] == 0:
                visit(end)
        state[node] = 2

    entered = {edges[number][1] for numbers in out for number in numbers}
    for node in sorted(range(nodes), key=lambda node: (node in entered, node)):
        if state[node] == 0:
            visit(node)
    usable = {number for numbers in out for number in numbers}
    return [
        None if number not in usable else (end, start) if number in turned else (start, end)
        for number, (start, end, _) in enumerate(edges)
    ]


def _layers(nodes: int, forward: Sequence[tuple[int, int] | None]) -> list[int]:
    """Return the layer of each box: one after the last of those that lead to it."""
    layer = [0] * nodes
    for _ in range(nodes):
        for ends in forward:
            if ends is not None:
                layer[ends[1]] = max(layer[ends[1]], layer[ends[0]] + 1)
    return layer
