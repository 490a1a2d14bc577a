"""Keeps the services running: starts them, names one that dies and starts it again, and ends them all."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from operations.embedded import logs
from operations.embedded.child import Child, Service, said
from operations.embedded.folder import Folder
from operations.embedded.interruptions import STEP, Interruptions
from operations.embedded.lifeline import Lifeline
from operations.embedded.processes import born
from operations.embedded.refusals import Exit, Refused
from operations.embedded.voice import Voice

DEATHS = 3  # of one service, within
PERIOD = 60.0  # seconds, end the whole
PATIENCE = 60.0  # seconds until a service has to answer for the first time
BOUND_LOGS = 10.0  # seconds
STOP = 1.5  # seconds for each half of the services
LAST_MOMENT = 0.5  # seconds in which grandchildren notice that they are alone; five in all, with reserve


@dataclass
class Watched:
    """A service, its process, and how it has fared."""

    service: Service
    child: Child | None = None
    deaths: list[float] = field(default_factory=list)  # monotonic times within the last minute
    due: float = 0.0  # when it may start again
    died: float | None = None  # when, until it answers again


class Supervisor:
    """The services of one run, in the order of their start. `facts` is what run.json says beside the children."""

    def __init__(self, folder: Folder, voice: Voice, interruptions: Interruptions) -> None:
        self.facts: dict[str, object] = {}
        self._folder = folder
        self._voice = voice
        self._interruptions = interruptions
        self._watched: list[Watched] = []
        self._command: Child | None = None
        self._lifeline = Lifeline()
        self._logs_bounded = time.monotonic()

    def start(self, service: Service) -> None:
        """Start a service and come back when it answers."""
        self.begin(service)
        self.wait(service.ready, f"{service.name} does not answer", service.name)

    def begin(self, service: Service) -> None:
        """Start a service and come back at once, for one that nothing waits for yet."""
        watched = Watched(service)
        self._watched.append(watched)
        self._spawn(watched)

    def run(self, service: Service) -> None:
        """Run a command to its end. Raises Refused with its last words if it fails."""
        log = self._folder.log(service.name)
        self._command = Child(service, log, inherits=[self._lifeline.theirs])
        while (status := self._command.status()) is None:
            self._breathe()
        self._command = None
        if status != 0:
            raise self._refused(Exit.FAILED, f"manage.py {service.name} failed ({said(status)})", service.name)

    def wait(self, answered: Callable[[], bool], complaint: str, name: str, *, patience: float = PATIENCE) -> None:
        """Come back when `answered`. Raises Refused with `complaint` and the last words of `name` after `patience`
        seconds."""
        deadline = time.monotonic() + patience
        while not answered():
            if time.monotonic() > deadline:
                raise self._refused(Exit.FAILED, f"{complaint} after {patience:.0f} s", name)
            self._breathe()

    def watch(self) -> None:
        """Keep everything running. Ends only by Stopped or Refused."""
        while True:
            self._breathe()

    def stop(self) -> bool:
        """End every child: first what takes requests, then what keeps data. A second Ctrl-C ends them by force.

        True if no process of the run is left, including what the children started.
        """
        front = [self._command] if self._command else []
        front += [watched.child for watched in self._watched if watched.child and not watched.service.keeps_data]
        back = [watched.child for watched in self._watched if watched.child and watched.service.keeps_data]
        for half in (front, back):
            self._end(half)
        return self._lifeline.all_gone(patience=LAST_MOMENT)

    def _end(self, children: list[Child]) -> None:
        for child in children:
            child.ask_to_end()
        deadline = time.monotonic() + STOP
        while self._interruptions.presses < 2 and time.monotonic() < deadline:
            if all(child.status() is not None for child in children):
                return
            time.sleep(STEP)
        for child in children:
            child.kill()

    def _breathe(self) -> None:
        self._interruptions.pause()
        for watched in self._watched:
            self._tend(watched)
        if time.monotonic() - self._logs_bounded > BOUND_LOGS:
            self._logs_bounded = time.monotonic()
            for watched in self._watched:
                logs.bound(self._folder.log(watched.service.name))

    def _tend(self, watched: Watched) -> None:
        name = watched.service.name
        if watched.child is None:
            if time.monotonic() >= watched.due:
                self._spawn(watched)
        elif (status := watched.child.status()) is not None:
            self._bury(watched, said(status))
        elif watched.died is not None and watched.service.ready():
            self._voice.line(f"{name} answers again, {time.monotonic() - watched.died:.1f} s later.")
            watched.died = None

    def _bury(self, watched: Watched, how: str) -> None:
        watched.child = None
        now = watched.died = time.monotonic()
        watched.deaths = [*(death for death in watched.deaths if now - death < PERIOD), now]
        name = watched.service.name
        if len(watched.deaths) >= DEATHS:
            raise self._refused(Exit.DIED, f"{name} died {DEATHS} times in a minute, the last time with {how}", name)
        self._voice.line(f"{name} died ({how}); starting it again.")
        # What the dead one left needs a moment to end, a server's own children for instance.
        watched.due = now + 0.25 * len(watched.deaths)

    def _spawn(self, watched: Watched) -> None:
        log = self._folder.log(watched.service.name)
        watched.child = Child(watched.service, log, inherits=[self._lifeline.theirs])
        children = {each.service.name: each.child.pid for each in self._watched if each.child}
        self._folder.publish(self.facts | {"children": {name: [pid, born(pid)] for name, pid in children.items()}})

    def _refused(self, code: Exit, sentence: str, name: str) -> Refused:
        log = self._folder.log(name)
        words = logs.tail(log)
        if "No space left on device" in words:
            code, sentence = Exit.DISK_FULL, f"The disk of {self._folder.path} is full: {sentence}"
        return Refused(code, f"{sentence}. The last lines of {log}:\n{words}")
