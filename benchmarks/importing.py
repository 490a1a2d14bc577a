"""Posts a second through the whole import: read, render, sanitise, store with revision, placement and search words."""

import io
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure, at_least
from benchmarks.part import report, resident_mb

POSTS = 1000
# What the measured peers' posts had.
BYTES = 4096
HOST = "techblog.test"
SEED = 20261121


def measure() -> list[Figure]:
    from django.conf import settings

    from tests.cast import acme

    acme()
    settings.MEDIA_ROOT = os.environ["MASTHEAD_BENCH_MEDIA"]
    with tempfile.TemporaryDirectory(prefix="masthead-posts-") as folder:
        _write_posts(Path(folder))
        seconds, counts = _import(Path(folder))
        if counts["created"] != POSTS:
            raise RuntimeError(f"{counts} of {POSTS} posts: what was refused was not measured")
        figures = [
            at_least(f"import of {POSTS:,} Markdown posts of {BYTES // 1024} KB", POSTS / seconds, 100, "posts/s")
        ]
        seconds, counts = _import(Path(folder))
        figures.append(Figure("… a second time, nothing changed", f"{counts['unchanged'] / seconds:.0f} posts/s"))
    if len(sys.argv) > 1:
        figures.append(_corpus(Path(sys.argv[1])))
    return [*figures, Figure("… resident memory of the process afterwards", f"{resident_mb():.0f} MB")]


def _corpus(source: Path) -> Figure:
    seconds, counts = _import(source)
    arrived = counts["created"]
    bytes_each = sum(path.stat().st_size for path in source.rglob("*.md")) / max(arrived, 1)
    what = f"import of {arrived:,} posts of a real blog, {bytes_each / 1024:.0f} KB each"
    return Figure(what, f"{arrived / seconds:.0f} posts/s, {counts['refused']} refused")


def _import(source: Path) -> tuple[float, dict[str, int]]:
    import json

    from django.core.management import CommandError, call_command

    out = io.StringIO()
    began = time.perf_counter()
    try:
        call_command("import_articles", str(source), tenant="acme", sites=[HOST], json=True, stdout=out, stderr=out)
    except CommandError as error:
        print(error, file=sys.stderr)
    return time.perf_counter() - began, json.loads(out.getvalue().splitlines()[0])


def _write_posts(folder: Path) -> None:
    """Deterministic prose: headings, lists, a table, code, a footnote, links, in about BYTES bytes each."""
    words = ["the", "editor", "placed", "one", "article", "on", "many", "sites", "while", "readers", "met", "a", "page"]
    chance = random.Random(SEED)

    def prose(count: int) -> str:
        return " ".join(chance.choice(words) for _ in range(count)).capitalize() + "."

    for number in range(POSTS):
        body = [f"Opening with **weight** and a [link](https://example.com/{number}) and a note[^1].", "## A heading"]
        body += ["| what | how many |\n| --- | ---: |\n" + "\n".join(f"| {prose(2)} | {row} |" for row in range(4))]
        body += ["```python\nfor site in sites:\n    place(article, site)\n```", "[^1]: The note."]
        while sum(map(len, body)) < BYTES:
            body += [prose(60), "\n".join(f"- {prose(12)}" for _ in range(3))]
        topics = ", ".join(f"topic-{chance.randrange(40)}" for _ in range(3))
        front = (
            f"---\ntitle: Story {number}\ndate: 2026-{number % 12 + 1:02}-{number % 28 + 1:02}\ntags: [{topics}]\n---\n"
        )
        (folder / f"story-{number:04}.md").write_text(front + "\n\n".join(body))


if __name__ == "__main__":
    report(measure)
