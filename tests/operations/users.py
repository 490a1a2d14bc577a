"""Another user of the machine, for tests that run as root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path


def as_stranger(
    command: list[str], *, owns: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `command` as the user nobody, who owns the folder `owns`.

    They may read and pass everywhere, because this checkout may lie in a folder that only root may enter, but write
    only what is theirs. (no_setuid_fixup, because initdb asks access(2), which would forget that.) Without
    `environment` they get this process's own.
    """
    nobody = pwd.getpwnam("nobody")
    os.chown(owns, nobody.pw_uid, nobody.pw_gid)
    setpriv = shutil.which("setpriv")
    assert setpriv
    return subprocess.run(
        [
            setpriv, f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups",
            "--inh-caps=-all,+dac_read_search",
            "--ambient-caps=+dac_read_search", "--securebits=+no_setuid_fixup", *command,
        ],
        capture_output=True, text=True, check=False, timeout=120, env=environment,
    )  # fmt: skip
