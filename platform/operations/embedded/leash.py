"""A program: ties its process to the life of its parent, then becomes another program. Linux only.

    python leash.py SIGNAL PARENT COMMAND …

When the parent dies, even by SIGKILL, the process gets SIGNAL. A program of its own, because Python may not run code
between fork and exec where there are threads. The kernel watches the thread that forks: start it from the main one.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    orphan_signal, parent, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(orphan_signal))
    if os.getppid() != int(parent):  # it died before it was watched
        sys.exit(1)
    for ignored_by_python in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored_by_python, signal.SIG_DFL)
    os.execv(command[0], command)  # noqa: S606 -- becoming it is the point
