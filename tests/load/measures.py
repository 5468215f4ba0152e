"""What servers take of the machine."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from tests.server.clients import Server


def memory(servers: Sequence[Server]) -> float:
    """Megabytes that the servers take."""
    pages = sum(int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]) for server in servers)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor_seconds(servers: Sequence[Server]) -> float:
    """Seconds of processor time that the servers have taken."""
    fields = [Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split() for server in servers]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def seconds_until_rest(servers: Sequence[Server], looks: float = 0.3) -> float:
    """Seconds of processor time that the servers take from now until they rest between two looks."""
    begun = now = processor_seconds(servers)
    while True:
        time.sleep(looks)
        before, now = now, processor_seconds(servers)
        if now - before < 0.02:
            return before - begun
