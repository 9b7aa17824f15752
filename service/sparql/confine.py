"""What a worker loses before it sees a query: descriptors, memory, files, time.

A socket is a descriptor. A worker may have the ones it holds and one more, which is the connection
of the query it answers; whatever it tried while it runs, no socket and no file could be opened
(EMFILE), on any system and without privileges. The limits are hard ones: they cannot be raised
again. Beside them a network namespace would add nothing and is often forbidden in containers.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
from typing import Final

_CONTROL: Final = 3
_DESCRIPTORS: Final = 5  # 0, 1, 2, the control channel, the connection of a query
# The query process ends a worker at the deadline; should it be gone, the worker ends itself.
_LATER_SECONDS: Final = 0.25


def confine(control: socket.socket, memory: int) -> socket.socket:
    """Give up all that answering does not need; gives the control channel, moved to its place."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.dup2(control.fileno(), _CONTROL)
    control.detach()
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.closerange(_CONTROL + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    limit(resource.RLIMIT_NOFILE, _DESCRIPTORS)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_CORE, 0)
    # Beside what is mapped already, which the workers share.
    limit(resource.RLIMIT_DATA, measured() + memory)
    return socket.socket(fileno=_CONTROL)


def measured() -> int:
    """What RLIMIT_DATA counts of this process now, in bytes (proc(5), statm); 0 where unknown.

    It opens a file, so it must be called before a query takes the last descriptor.
    """
    try:
        with open("/proc/self/statm", "rb") as status:  # noqa: PTH123 - a descriptor, briefly
            return int(status.read().split()[5]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return 0


def allow_memory(bytes_: int) -> None:
    """Let this process have so much memory, in bytes, while one query runs, or all it may (0).

    Only the soft limit is moved: the hard one stays what `confine` made it.
    """
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    most = bytes_ if bytes_ and (hard == resource.RLIM_INFINITY or bytes_ < hard) else hard
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def deadline(seconds: float) -> None:
    """End this process by the kernel if it still runs then; 0 takes that back."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _LATER_SECONDS if seconds else 0)


def limit(which: int, most: int) -> None:
    """Set a limit of the kernel for good: it cannot be raised again."""
    hard = resource.getrlimit(which)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (most, most))
