"""Names on their way to being live, followed in the terminal: each step as it is seen."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.management.base import OutputWrapper
from django.utils import timezone
from rich import box
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from domains.models import Claim
from domains.wording import Step, Told, told
from events.models import Event
from sites_core.models import Hostname
from tenants.scope import across_tenants

LOOK_SECONDS = 0.5
# An event that nobody has taken for so long: the relay is not running.
DELIVERED_WITHIN = timedelta(seconds=10)
_SIGNS = {True: ("✓", "green"), False: ("✗", "red"), None: ("…", "yellow")}

_pause = time.sleep

Show = Callable[[list[Told]], None]


def names_told(names: list[str], tenant_id: int | None = None) -> list[Told]:
    """Of hostnames, and of the tenant's claims, those that are there."""
    hostnames = Hostname.objects.filter(name__in=names).select_related("site__state", "standing")
    with across_tenants("the operator sees every tenant's claims"):
        claims = Claim.objects.filter(name__in=names, tenant=tenant_id).select_related("site__state")
        return told(hostnames, claims)


def follow(names: list[str], *, tenant_id: int | None, seconds: float, show: Show) -> list[Told]:
    """Show the names as they stand until all are live, or the time is out; how they stand at the end."""
    end = time.monotonic() + seconds
    while True:
        standing = names_told(names, tenant_id)
        show(standing)
        if all(one.word == "live" for one in standing) or time.monotonic() >= end:
            return standing
        _pause(min(LOOK_SECONDS, max(0.0, end - time.monotonic())))


def as_lines(out: OutputWrapper) -> Show:
    """Each step on a line, as JSON, when it changes."""
    return _when_it_changes(
        lambda one, step: out.write(
            json.dumps(
                {
                    "at": timezone.now().isoformat(), "name": one.name, "state": one.word, "step": step.label.lower(),
                    "done": step.done, "said": step.said, "next": one.next,
                },
                ensure_ascii=False,
            )
        )
    )  # fmt: skip


def as_words(out: OutputWrapper) -> Show:
    """Each step on a line, in words, when it changes: where nobody looks."""
    return _when_it_changes(lambda one, step: out.write(f"{one.shown}: {step.label.lower()} {_sign(step)} {step.said}"))


def _when_it_changes(tell: Callable[[Told, Step], object]) -> Show:
    said: dict[tuple[str, str], Step] = {}

    def show(standing: list[Told]) -> None:
        for one in standing:
            for step in one.steps:
                if said.get((one.name, step.label)) != step:
                    said[one.name, step.label] = step
                    tell(one, step)

    return show


@contextmanager
def as_table() -> Iterator[Show]:
    """A table that follows, for whoever looks at a terminal."""
    console = Console(highlight=False)
    with Live(console=console, auto_refresh=False, transient=False) as screen:
        yield lambda standing: screen.update(table(standing), refresh=True)


def table(standing: list[Told]) -> Table:
    """A row for each step of each name."""
    lines = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Name", "State", "Step", "", "Seen"):
        lines.add_column(heading, overflow="fold", no_wrap=heading != "Seen")
    for one in standing:
        for number, step in enumerate(one.steps):
            sign, style = _SIGNS[step.done]
            head = (one.shown, one.word) if number == 0 else ("", "")
            lines.add_row(*map(Text, head), Text(step.label), Text(sign, style=style), Text(step.said))
        lines.add_row("", "", "", "", Text(one.next, style="dim"))
    return lines


def _sign(step: Step) -> str:
    return _SIGNS[step.done][0]


def nobody_delivers() -> bool:
    """Whether looks at names have been due for a while and nobody has taken them."""
    late = timezone.now() - DELIVERED_WITHIN
    waiting = Event.objects.filter(name__startswith="domains.", done_at=None, dead_at=None, lease=None)
    return waiting.filter(due_at__lt=late).exists()
