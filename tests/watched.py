"""A crawl whose every connection and look-up of a name is written down by Python itself, before it is made."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from tests.loopback import Nightly, finished

# `names`: what stands for the hosts file of the machine, name -> address; everything else is the machine's own.
CODE = """
import json, socket, sys
names, own = json.loads(sys.argv[1]), socket.gethostbyname
seen = {"connected": [], "looked_up": []}
def watch(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple):
        seen["connected"].append(list(args[1][:2]))
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        seen["looked_up"].append(str(args[0]))
sys.addaudithook(watch)
socket.gethostbyname = lambda name: names[name] if name in names else own(name)
sys.argv = ["scrapy", "nightly", *sys.argv[2:]]
from scrapy.cmdline import execute
try:
    execute()
finally:
    with open("/proc/self/status") as status:
        seen["highest"] = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print("SEEN " + json.dumps(seen))
"""


@dataclass
class Watched:
    """How a run ended, and what it did. `highest`: the most memory that it ever had, in kilobytes."""

    ended: subprocess.CompletedProcess[str]
    connected: list[tuple[str, int]]
    looked_up: list[str]
    highest: int


def watch(nightly: Nightly, *keys: str, names: Mapping[str, str] | None = None) -> Watched:
    """Run `scrapy nightly KEYS` to its end and look at all that it does with sockets."""
    ended = finished(nightly.start_python(CODE, json.dumps(dict(names or {})), *keys))
    line = next(line for line in ended.stdout.splitlines() if line.startswith("SEEN "))
    seen = json.loads(line.removeprefix("SEEN "))
    return Watched(ended, [(host, port) for host, port in seen["connected"]], seen["looked_up"], seen["highest"])
