"""What both application servers are told: where to listen, with how many processes and threads, what to share."""

import gc
from importlib import import_module

from environs import Env, validate

_env = Env()

# "127.0.0.1:8000", or "fd://7" for a socket that the parent process has opened and keeps.
BIND = _env.str("BIND", "127.0.0.1:8000")
WORKERS = _env.int("WORKERS", 2, validate=validate.Range(min=1))
# Of each worker. The database pool has room for eight.
THREADS = _env.int("THREADS", 4, validate=validate.Range(min=1))
# Seconds that requests under way have to finish when the server is asked to end.
GRACE_SECONDS = _env.int("GRACE_SECONDS", 30, validate=validate.Range(min=1))

APPLICATION = "settings.wsgi:application"
# Connections that wait while every worker is busy, or while the server starts anew on a socket that its parent keeps.
BACKLOG = 1024
# Seconds that an idle connection stays open: longer than the edge keeps it, so that no request meets a closing one.
KEEP_ALIVE = 75
# Bytes of a request's head that are read at all, what the edge lets through.
HEAD_BYTES = 32768


def settle() -> None:
    """Load what a first request would load, and keep the collector from what is loaded: run before workers are forked.

    They share that memory until somebody writes into it, and the collector writes into all that it looks at.
    """
    from django.template import engines

    from hosts import host_patterns

    for surface in host_patterns:
        urls = import_module(surface.urlconf)
        # What else the surface's first request would make, if it says so.
        getattr(urls, "prepare", lambda: None)()
    engines.all()
    gc.collect()
    gc.freeze()
