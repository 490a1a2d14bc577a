"""Masthead's configuration of gunicorn, for applications beside it: it loads nothing of Masthead ahead."""

import gc
from typing import Any

from settings.gunicorn import *  # noqa: F403


def when_ready(server: Any) -> None:  # type: ignore[no-redef]  # in place of the one above
    gc.collect()
    gc.freeze()
