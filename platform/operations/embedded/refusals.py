"""Why `manage.py up` does not run, each with the exit code that a script can tell apart."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of `manage.py up`; 0 is a run that ended because it was asked to."""

    UNFORESEEN = 1, "something unforeseen"
    UNUSABLE = 2, "an option or a variable has an unusable value"
    PORT_TAKEN = 3, "the port is taken, or this user may not have it"
    IN_USE = 4, "another run uses the data folder"
    NOT_WRITABLE = 5, "no permission to write into the data folder"
    DISK_FULL = 6, "the disk is full"
    MISSING = 7, "a program that is needed is not installed"
    FAILED = 8, "a step failed: the migrations, the demo, or the first request"
    DIED = 9, "a service died three times in a minute"

    meaning: str

    def __new__(cls, value: int, meaning: str) -> "Exit":
        """An int that also says what it means, for --help."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class Refused(Exception):
    """One sentence for the person at the terminal, and the exit code that goes with it."""

    def __init__(self, code: Exit, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Stopped(Exception):
    """The run was asked to end: Ctrl-C, SIGTERM, or the terminal went away."""
