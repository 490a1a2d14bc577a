"""Charts with axes: what a business page is illustrated with."""

import math
from collections.abc import Callable, Sequence
from random import Random

from operations.drawing.chance import levelled, walk
from operations.drawing.palettes import Palette, mixed
from operations.drawing.sheet import Point, Sheet

LEFT, RIGHT, TOP, BOTTOM = 110.0, 1430.0, 190.0, 870.0
LABEL = 32


class Plot:
    """Where a value of a series stands on the sheet."""

    def __init__(self, sheet: Sheet, colours: Palette, low: float, high: float, places: int) -> None:
        self.sheet, self.colours = sheet, colours
        self.low, self.high, self.places = low, high, places

    def x(self, place: float) -> float:
        return LEFT + (RIGHT - LEFT) * place / max(1, self.places - 1)

    def y(self, value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - self.low) / (self.high - self.low)

    def points(self, values: Sequence[float]) -> list[Point]:
        return [(self.x(i), self.y(value)) for i, value in enumerate(values)]

    def grid(self, *, unit: str = "", labels: Sequence[str] = (), between: bool = False) -> None:
        """Fine lines at round values, the values at the right, and the chart's own labels below."""
        step = _step(self.high - self.low)
        value = math.ceil(self.low / step) * step
        faint = mixed(self.colours.ground, self.colours.line, 0.62)
        while value <= self.high + step / 1000:
            on_zero = abs(value) < step / 1000
            colour, width = (self.colours.line, 4.0) if on_zero else (self.colours.shade, 3.0)
            self.sheet.rect((LEFT - 30, self.y(value) - width / 2, RIGHT + 30, self.y(value) + width / 2), colour)
            self.sheet.text(
                RIGHT + 46, self.y(value), f"{round(value, 2):,}".removesuffix(".0") + unit, faint, LABEL, anchor="lm"
            )
            value += step
        for i, label in enumerate(labels):
            across = (RIGHT - LEFT) / len(labels)
            at = LEFT + across * (i + 0.5) if between else self.x(i * (self.places - 1) / max(1, len(labels) - 1))
            self.sheet.text(at, BOTTOM + 58, label, faint, LABEL, anchor="ms")


def begin(sheet: Sheet, colours: Palette) -> None:
    """The short bar by which a reader knows the house's charts."""
    sheet.rect((LEFT - 30, 92, LEFT + 90, 108), colours.accent)


def _step(span: float) -> float:
    rough = span / 4
    size = 10.0 ** math.floor(math.log10(rough))
    return next(step * size for step in (1, 2, 2.5, 5, 10) if step * size >= rough)


def lines(
    sheet: Sheet, rng: Random, colours: Palette, *, crowd: int = 4, drift: float = 0.28, labels: Sequence[str] = ()
) -> None:
    """One line that is meant, among some that it is compared with; all begin at 100."""
    begin(sheet, colours)
    months = 61
    others = [walk(rng, months, drift=rng.uniform(-0.1, 0.25), jolt=1.6) for _ in range(crowd)]
    meant = walk(rng, months, drift=drift, jolt=1.5)
    indexed = [[100 + value - path[0] for value in path] for path in (*others, meant)]
    low, high = min(map(min, indexed)), max(map(max, indexed))
    plot = Plot(sheet, colours, low - (high - low) * 0.06, high + (high - low) * 0.05, months)
    sheet.polygon(
        [(LEFT, BOTTOM), *plot.points(indexed[-1]), (RIGHT, BOTTOM)], mixed(colours.ground, colours.shade, 0.55)
    )
    plot.grid(labels=labels)
    for path in indexed[:-1]:
        sheet.line(plot.points(path), colours.soft, 5)
    sheet.line(plot.points(indexed[-1]), colours.accent, 11)
    _end_mark(sheet, plot, months - 1, indexed[-1][-1])


def _end_mark(sheet: Sheet, plot: Plot, place: float, value: float) -> None:
    sheet.disc(plot.x(place), plot.y(value), 19, plot.colours.ground)
    sheet.disc(plot.x(place), plot.y(value), 13, plot.colours.accent)


def curves(sheet: Sheet, rng: Random, colours: Palette, *, years: int = 9, turned: bool = False) -> None:
    """Yield curves of one date after another, the latest in the accent; `turned`: it falls instead of rising."""
    begin(sheet, colours)
    lengths, steps = 40, [i / 39 for i in range(40)]
    plot = Plot(sheet, colours, 0, 5.4, lengths)
    plot.grid(unit=" %", labels=("1", "5", "10", "20", "30"))
    for year in range(years):
        age = year / (years - 1)
        start, slope = 0.4 + 2.4 * age, 2.0 - 0.9 * age
        if turned and year == years - 1:
            start, slope = 4.3, -1.3
        bend = rng.uniform(1.6, 2.6)
        curve = [start + slope * (1 - math.exp(-bend * step * 1.6)) for step in steps]
        last = year == years - 1
        colour = colours.accent if last else mixed(colours.shade, colours.soft, 0.15 + 0.85 * age)
        sheet.line(plot.points(curve), colour, 11 if last else 5)
        if last:
            _end_mark(sheet, plot, lengths - 1, curve[-1])


def bars(
    sheet: Sheet, rng: Random, colours: Palette, *, data: Sequence[float] = (), meant: Sequence[int] = (-1,),
    labels: Sequence[str] = (), unit: str = "",
) -> None:  # fmt: skip
    """Upright bars from zero; those that are `meant` stand out."""
    begin(sheet, colours)
    values = list(data) or [round(3 + 7 * value, 1) for value in levelled(walk(rng, 12, drift=0.4))]
    plot = Plot(sheet, colours, min(0.0, *values) * 1.1, max(0.0, *values) * 1.06, len(values))
    plot.grid(unit=unit, labels=labels, between=True)
    across = (RIGHT - LEFT) / len(values)
    gap = across * (0.24 if len(values) > 6 else 0.34)
    chosen = {index % len(values) for index in meant}
    for i, value in enumerate(values):
        left, right = LEFT + across * i + gap / 2, LEFT + across * (i + 1) - gap / 2
        top, bottom = sorted((plot.y(value), plot.y(0)))
        sheet.rect((left, top, right, bottom), colours.accent if i in chosen else colours.soft)
    sheet.rect((LEFT - 30, plot.y(0) - 2, RIGHT + 30, plot.y(0) + 2), colours.line)


def bridge(sheet: Sheet, rng: Random, colours: Palette, *, data: Sequence[float], labels: Sequence[str] = ()) -> None:
    """From one total to another: the first bar stands, each change hangs where the last one ended, the sum stands."""
    begin(sheet, colours)
    levels = [sum(data[: i + 1]) for i in range(len(data))]
    plot = Plot(sheet, colours, min(0.0, *levels) * 1.15, max(levels) * 1.08, len(data) + 1)
    plot.grid(labels=labels, between=True)
    across = (RIGHT - LEFT) / (len(data) + 1)
    for i in range(len(data) + 1):
        before = levels[i - 1] if 0 < i < len(data) else 0.0
        after = levels[min(i, len(data) - 1)]
        left, right = LEFT + across * (i + 0.14), LEFT + across * (i + 0.86)
        top, bottom = sorted((plot.y(before), plot.y(after)))
        whole = i in (0, len(data))
        colour = colours.line if whole else (colours.second if after < before else colours.accent)
        sheet.rect((left, top, right, max(bottom, top + 4)), colour)
        if i < len(data):
            sheet.rect((right, plot.y(after) - 1.5, right + across * 0.28, plot.y(after) + 1.5), colours.soft)
    sheet.rect((LEFT - 30, plot.y(0) - 2, RIGHT + 30, plot.y(0) + 2), colours.line)


def steps(
    sheet: Sheet, rng: Random, colours: Palette, *, data: Sequence[float], labels: Sequence[str] = (),
    unit: str = " %", low: float = 0,
) -> None:  # fmt: skip
    """A rate that holds until somebody decides: a staircase, filled below."""
    begin(sheet, colours)
    plot = Plot(sheet, colours, low, low + (max(data) - low) * 1.15, len(data) + 1)
    stairs: list[Point] = []
    for i, value in enumerate(data):
        stairs += [(plot.x(i), plot.y(value)), (plot.x(i + 1), plot.y(value))]
    sheet.polygon([(LEFT, BOTTOM), *stairs, (RIGHT, BOTTOM)], colours.shade)
    plot.grid(unit=unit, labels=labels)
    sheet.line(stairs, colours.accent, 12)
    sheet.disc(*stairs[-1], 19, colours.ground)
    sheet.disc(*stairs[-1], 13, colours.accent)


def area(sheet: Sheet, rng: Random, colours: Palette, *, layers: int = 5, labels: Sequence[str] = ()) -> None:
    """Layers one upon the other, the lowest in the accent."""
    begin(sheet, colours)
    months = 49
    paths = [[1.5 + 2.2 * value for value in levelled(walk(rng, months, drift=0.15, jolt=0.8))] for _ in range(layers)]
    sums = [[sum(path[i] for path in paths[: n + 1]) for i in range(months)] for n in range(layers)]
    plot = Plot(sheet, colours, 0, max(sums[-1]) * 1.06, months)
    tones = [colours.accent, *(mixed(colours.line, colours.soft, i / max(1, layers - 2)) for i in range(layers - 1))]
    plot.grid(labels=labels)
    for n in reversed(range(layers)):
        top = plot.points(sums[n])
        sheet.polygon([(LEFT, BOTTOM), *top, (RIGHT, BOTTOM)], tones[n])
        sheet.line(top, colours.ground, 4, ends=False)


def fan(sheet: Sheet, rng: Random, colours: Palette, *, labels: Sequence[str] = (), unit: str = " %") -> None:
    """What was, and then the widening range of what may come."""
    begin(sheet, colours)
    past, ahead = 34, 26
    path = [2.2 + 2.4 * value for value in levelled(walk(rng, past, drift=0.1, jolt=0.7))]
    last, target = path[-1], 2.0
    middle = [target + (last - target) * math.exp(-i / 11) for i in range(ahead + 1)]
    plot = Plot(sheet, colours, -1, 6.5, past + ahead)
    plot.grid(unit=unit, labels=labels)
    for ring in range(5, 0, -1):
        reach = [0.55 * ring * math.sqrt(i / ahead) * 0.9 for i in range(ahead + 1)]
        upper = [(plot.x(past - 1 + i), plot.y(middle[i] + reach[i])) for i in range(ahead + 1)]
        lower = [(plot.x(past - 1 + i), plot.y(middle[i] - reach[i])) for i in range(ahead + 1)]
        sheet.polygon([*upper, *reversed(lower)], mixed(colours.ground, colours.accent, 0.12 + 0.13 * (5 - ring)))
    sheet.line(plot.points(path), colours.line, 10)
    sheet.disc(plot.x(past - 1), plot.y(last), 14, colours.line)


def candles(sheet: Sheet, rng: Random, colours: Palette, *, days: int = 44, drift: float = 0.12) -> None:
    """Opening, closing, highest and lowest of each day, how much was traded, and the average of ten days."""
    begin(sheet, colours)
    closes = walk(rng, days + 10, drift=drift, jolt=1.2)
    opens = [0.0, *closes[:-1]]
    spread = [(rng.uniform(0.2, 1.3), rng.uniform(0.2, 1.3)) for _ in closes]
    low = min(min(a, b) - c for a, b, (c, _) in zip(opens, closes, spread, strict=True))
    high = max(max(a, b) + c for a, b, (_, c) in zip(opens, closes, spread, strict=True))
    plot = Plot(sheet, colours, low - (high - low) * 0.3, high, days)
    for i in range(5):
        sheet.rect((LEFT - 30, TOP + i * 130, RIGHT + 30, TOP + i * 130 + 3), colours.shade)
    half = (RIGHT - LEFT) / days * 0.33
    for i in range(days):
        start, end, (below, above) = opens[i + 10], closes[i + 10], spread[i + 10]
        colour = colours.second if end < start else colours.accent
        x = plot.x(i)
        sheet.rect(
            (x - half, BOTTOM + 40 - 150 * rng.uniform(0.15, 1) * (abs(end - start) / 3 + 0.3), x + half, BOTTOM + 40),
            colours.shade,
        )
        sheet.rect((x - 2, plot.y(max(start, end) + above), x + 2, plot.y(min(start, end) - below)), colour)
        top, bottom = sorted((plot.y(start), plot.y(end)))
        sheet.rect((x - half, top, x + half, max(bottom, top + 4)), colour)
    average = [sum(closes[i + 1 : i + 11]) / 10 for i in range(days)]
    sheet.line(plot.points(average), colours.line, 6)


def scatter(sheet: Sheet, rng: Random, colours: Palette, *, slope: float = 0.62, count: int = 120) -> None:
    """Dots that lean one way, the line that says which, and the few that do not follow."""
    begin(sheet, colours)
    plot = Plot(sheet, colours, 0, 10, 11)
    plot.grid()
    for _ in range(count):
        x = rng.uniform(0.2, 9.8)
        y = 1.8 + slope * x + rng.gauss(0, 1.0)
        size = rng.choice((9, 12, 16, 22))
        if 0.3 < y < 9.7:
            sheet.disc(plot.x(x), plot.y(y), size, mixed(colours.soft, colours.ground, rng.uniform(0, 0.45)))
    for x, y in ((1.3, 7.6), (2.2, 8.3), (8.6, 2.4)):
        sheet.disc(plot.x(x), plot.y(y), 22, colours.accent)
    sheet.line([(plot.x(0), plot.y(1.8)), (plot.x(10), plot.y(1.8 + slope * 10))], colours.line, 7)


MOTIFS: dict[str, Callable[..., None]] = {
    "lines": lines, "curves": curves, "bars": bars, "bridge": bridge, "steps": steps, "area": area, "fan": fan,
    "candles": candles, "scatter": scatter,
}  # fmt: skip
