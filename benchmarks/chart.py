"""The chart of docs/performance.md: requests a second of one core, on a logarithmic axis."""

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10

from benchmarks.figures import Bar

WIDTH, LABELS, MARGIN = 760, 210, 24
ROW, BAR = 26, 16
TITLE = "Home page, requests a second of one core"

# Legible on white and on black alike: the page that shows the picture decides about its ground.
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #777 }
.title { font-weight: 600 }
.value { font-variant-numeric: tabular-nums }
.ours { fill: #2f7fc1 } .theirs { fill: #999 } .grid { stroke: #888; stroke-opacity: .3 }
"""


def drawn(bars: Sequence[Bar]) -> str:
    """An SVG document, the fastest on top."""
    ranked = sorted(bars, key=lambda bar: -bar.rate)
    lowest, highest = floor(log10(ranked[-1].rate)), ceil(log10(ranked[0].rate))
    lowest = min(lowest, highest - 1)
    room = WIDTH - LABELS - 3 * MARGIN - 40

    def across(rate: float) -> float:
        return LABELS + room * (log10(rate) - lowest) / (highest - lowest)

    top, height = 56, 56 + ROW * len(ranked) + MARGIN
    lines = [
        f'<line class="grid" x1="{across(10**power):.1f}" x2="{across(10**power):.1f}" y1="{top - 8}" '
        f'y2="{height - MARGIN + 4}"/><text x="{across(10**power):.1f}" y="{top - 14}" text-anchor="middle">'
        f"{10**power:,}</text>"
        for power in range(lowest, highest + 1)
    ]
    for place, bar in enumerate(ranked):
        y = top + ROW * place
        end = across(bar.rate)
        lines.append(
            f'<text x="{LABELS - 8}" y="{y + 13}" text-anchor="end">{escape(bar.label)}</text>'
            f'<rect class="{"ours" if bar.is_ours else "theirs"}" x="{LABELS}" y="{y}" width="{end - LABELS:.1f}" '
            f'height="{BAR}" rx="2"/><text class="value" x="{end + 6:.1f}" y="{y + 13}">{bar.rate:,.0f}</text>'
        )
    body = "\n".join(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{TITLE}">\n'
        f'<style>{STYLE}</style>\n<text class="title" x="{MARGIN}" y="20">{TITLE}</text>\n{body}\n</svg>\n'
    )
