"""What a process loads that serves readers alone, and what it leaves undone until its workers are forked."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.deployments.test_settings import PRODUCTION, ROOT, values

# What the servers load before they fork: the application and the URLconfs of its surfaces.
GUNICORN = "import settings.wsgi; from settings.serving import settle; settle()"
GRANIAN = "from settings.granian import preloaded; preloaded()"
LOADED = """
import json, os, sys, threading
exec(sys.argv[1])
sockets = []
for number in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else []:
    try:
        sockets += [link for link in [os.readlink(f"/proc/self/fd/{number}")] if link.startswith("socket:")]
    except FileNotFoundError:  # the listing's own
        pass
from django.conf import settings
print(json.dumps({"modules": sorted(sys.modules), "threads": threading.active_count(), "sockets": sockets,
                  "apps": settings.INSTALLED_APPS}))
"""

STAFFS = [
    "django.contrib.admin", "django.contrib.sessions", "django.contrib.messages", "django.contrib.auth.forms",
    "studio", "operations.admin", "operations.middleware", "operations.seeding", "sites_core.sessions",
]  # fmt: skip
WRITERS = ["PIL", "comrak", "nh3", "pygments", "publishing.bodies", "publishing.writing", "publishing.placing"]
COMMANDS = [
    "feedparser",
    "yaml",
    "rich",
    "defusedxml",
    "publishing.importing",
    "operations.embedded",
    "operations.demo",
]


def loaded(by: str = GUNICORN, **environment: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOADED, by],
        cwd=ROOT, env=PRODUCTION | {"PATH": os.environ["PATH"]} | environment, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("by", [GUNICORN, GRANIAN])
def test_a_process_for_readers_loads_nothing_of_staffs_nothing_that_writes_and_no_commands(by: str):
    modules = set(loaded(by, SURFACES="reader")["modules"])
    assert {"reading.views", "operations.health", "sites_core.gate"} <= modules
    assert modules & {*STAFFS, *WRITERS, *COMMANDS} == set()


def test_what_is_looked_for_is_loaded_where_staff_is_served():
    modules = set(loaded(SURFACES="reader,studio,ops")["modules"])
    assert {"django.contrib.admin", "django.contrib.sessions", "django.contrib.messages", "studio"} <= modules
    assert {"operations.admin", "comrak", "nh3", "publishing.writing"} <= modules


@pytest.mark.parametrize(
    ("surfaces", "absent"),
    {
        "reader": {"studio", "operations", "django.contrib.admin", "django.contrib.sessions"},
        "studio": {"operations", "django.contrib.admin"},
        "ops": {"studio"},
    }.items(),
)
def test_surfaces_say_which_apps_a_server_has(surfaces: str, absent: set[str]):
    every = set(loaded()["apps"])
    assert every > absent
    assert set(loaded(SURFACES=surfaces)["apps"]) & absent == set()


def test_a_command_sees_every_app_whatever_its_environment_serves():
    assert values("len(s.INSTALLED_APPS)", SURFACES="reader", **PRODUCTION) == str(len(loaded()["apps"]))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="reads /proc")
def test_nothing_is_opened_before_the_workers_are_forked():
    """The servers load the application once: a connection or a thread of then would be shared, or lost, in a worker."""
    found = loaded(REDIS_URL="redis://127.0.0.1:1/0")
    assert (found["threads"], found["sockets"]) == (1, [])
