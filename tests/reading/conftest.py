from collections.abc import Callable

import pytest


@pytest.fixture
def settled_directory(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it once the sites stand: hostnames are known from then on, and no poll falls into what is counted."""
    from sites_core import directory

    def settle() -> None:
        monkeypatch.setattr(directory, "POLL_SECONDS", 3600.0)
        directory.directory.expire()
        directory.directory.names()

    return settle
