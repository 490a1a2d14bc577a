"""Where the unix sockets of embedded services lie: a private folder whose path is short enough for the kernel."""

import hashlib
import os
import tempfile
from pathlib import Path

from operations.embedded.refusals import Exit, Refused

# The kernel takes 107 bytes for a socket's whole path, 103 on macOS; the longest below this folder is 23 long.
LONGEST = 103 - 23


def socket_folder(data: Path) -> Path:
    """The folder for the sockets of the data folder `data`: its own `run`, or a short one where temporary files are.

    It belongs to this user, or to the owner of `data`, and nobody else may enter it: reaching a socket in it is the
    proof of who one is.
    """
    folder = data / "run"
    if not _usable(folder):
        digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"masthead-{os.getuid()}-{digest}"
    if not _usable(folder):
        raise Refused(
            Exit.UNUSABLE, f"The path {folder} is too long for a socket: set TMPDIR to a short and plain one."
        )
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid not in {os.getuid(), data.stat().st_uid} or found.st_mode & 0o170077 != 0o040000:
        raise Refused(
            Exit.NOT_WRITABLE, f"{folder} must be a folder of this user that nobody else may enter: remove it."
        )
    return folder


def _usable(folder: Path) -> bool:
    # PostgreSQL's client takes a comma for the end of one host's name.
    return len(os.fsencode(folder)) <= LONGEST and "," not in str(folder)
