"""Asks the operating system how many cores and how much memory this process may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
CGROUP_OF_PROCESS = Path("/proc/self/cgroup")


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory() -> int:
    """Return the bytes of memory that this process may use.

    That is what the machine has, or less where its cgroup (a container, for example) or a resource
    limit allows less.
    """
    return min([*_of_machine(), *_of_cgroups(), *_of_limits()], default=2 << 30)


def _of_machine() -> Iterator[int]:
    with suppress(AttributeError, ValueError, OSError):
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _of_cgroups() -> Iterator[int]:
    """Yield the limits of this process's cgroup and of those around it (cgroups(7), v1 and v2)."""
    with suppress(OSError):
        for line in CGROUP_OF_PROCESS.read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers and "memory" not in controllers.split(","):
                continue
            top = CGROUPS / "memory" if controllers else CGROUPS
            name = "memory.limit_in_bytes" if controllers else "memory.max"
            group = top / path.lstrip("/")
            for folder in (group, *group.parents):
                if folder.is_relative_to(top):
                    with suppress(OSError, ValueError):  # a group without a limit says "max"
                        yield int((folder / name).read_text())


def _of_limits() -> Iterator[int]:
    with suppress(ImportError):
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            yield limit
