"""Puts what was measured into docs/performance.md, between its marks, and draws the chart."""

from datetime import UTC, datetime

from benchmarks.chart import drawn
from benchmarks.figures import Report, machine, markdown
from benchmarks.servers import ROOT

PAGE = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "pictures" / "performance.svg"
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->"


def write(report: Report) -> None:
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    day = datetime.now(UTC).date().isoformat()
    PAGE.write_text(f"{before}{BEGIN}\nMeasured {day} on {machine()}.\n\n{markdown(report)}\n\n{END}{after}")
    if report.bars:
        CHART.write_text(drawn(report.bars))
