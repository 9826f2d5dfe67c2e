"""A run beside servers that mean harm: its memory and its time are bounded, and the good source's items are there.

The run is a process of its own, so that its peak memory is its own.
"""

import json
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from tests.collect.fakes import rss, rss_item
from tests.loopback import Answer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory by Linux"),
]

MIB = 2**20
MOST_MIB = 300
DEADLINE_S = 2.0
MARGIN_S = 8.0  # two shared cores, and a feed of ordinary size to read
RSS = {"Content-Type": "application/rss+xml"}

RUN = """
import json, re, sys, time
from datetime import UTC, datetime
from pathlib import Path
from digest.collect import collect, feed, strict_feed
from digest.net import Http
from digest.sources import FeedSource
import feedparser, httpx

now = datetime(2021, 2, 15, 8, tzinfo=UTC)
sources = [FeedSource(kind="feed", name=path[1:], url=sys.argv[1] + path) for path in sys.argv[3:]]
start = time.monotonic()
found = {}
with Http(deadline_s=float(sys.argv[2]), sleep=lambda _: None, wall_clock=now.timestamp) as http:
    for fetched in collect(sources, http, since=now, until=now, environ={}):
        found[fetched.source] = [len(fetched.items), str(fetched.error or ""), *fetched.warnings]
seconds = time.monotonic() - start
# not ru_maxrss: a process inherits that of the one that started it
peak_kib = re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]
print(json.dumps([found, seconds, int(peak_kib) / 1024]))
"""


def run(site, *paths):
    """By source: items, error and warnings; the seconds of the run; its peak memory in MiB."""
    command = [sys.executable, "-c", RUN, site.url, str(DEADLINE_S), *paths]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def in_pieces(*pieces, pause_s=0.0, headers=None):
    """An answer that sends ``pieces`` one after another, and then hangs up."""

    def write(handler):
        handler.send_response(200)
        for name, value in (RSS | (headers or {})).items():
            handler.send_header(name, value)
        handler.end_headers()
        for piece in pieces[0] if len(pieces) == 1 and not isinstance(pieces[0], bytes) else pieces:
            handler.wfile.write(piece)
            time.sleep(pause_s)

    return Answer(write=write)


def bomb(size):
    """``size`` bytes of spaces within a feed, packed."""
    zipper = zlib.compressobj(wbits=31)
    yield zipper.compress(b"<rss version='2.0'><channel>")
    for _ in range(size // MIB):
        yield zipper.compress(b" " * MIB)
    yield zipper.flush()


def large_feed(count, size, *, tail="</channel></rss>"):
    """A feed of ``count`` entries of about ``size`` bytes each, in pieces."""
    yield b"<?xml version='1.0'?><rss version='2.0'><channel><link>https://blog.example.org/</link>"
    filler = "word " * ((size - 120) // 5)
    for n in range(count):
        link = f"https://blog.example.org/{n}"
        yield f"<item><title>Entry {n}</title><link>{link}</link><description>{filler}{n}.</description></item>".encode()
    yield tail.encode()


def endless(site):
    yield b"<rss version='2.0'><channel>"
    while not site.stopped.is_set():
        yield (
            b"<item><title>Another one</title><link>https://blog.example.org/x</link></item>" * 500
        )


def test_hostile_servers_cost_neither_memory_nor_time_nor_items(site):
    packed = {"Content-Encoding": "gzip"}
    site.routes |= {
        "/good": Answer(rss(rss_item("Good news")), headers=RSS),
        "/bomb": in_pieces(b"".join(bomb(512 * MIB)), headers=packed),
        "/drip": in_pieces([b" "] * 60, pause_s=0.2, headers={"Content-Length": "99999"}),
        "/loop": Answer(status=302, headers={"Location": "/pool"}),
        "/pool": Answer(status=302, headers={"Location": "/loop"}),
        "/large": Answer(b"".join(large_feed(50_000, 900)), headers=RSS),
        "/broken": Answer(b"\x1f\x8b\x08\x00 this is no gzip", headers=RSS | packed),
        "/endless": Answer(write=lambda handler: in_pieces(endless(site)).write(handler)),
    }
    assert len(site.routes["/large"].body) > 40 * MIB
    names = [path for path in site.routes if path != "/pool"]
    found, seconds, peak_mib = run(site, *names)
    assert peak_mib < MOST_MIB
    assert seconds < DEADLINE_S + MARGIN_S
    assert found.pop("good") == [1, ""]
    reasons = {
        "bomb": "larger than 16 MiB",
        "drip": "no complete answer within 2 s",
        "loop": "redirects more than",
        "large": "larger than 16 MiB",
        "broken": "",
        "endless": "larger than 16 MiB",
    }
    for name, reason in reasons.items():
        count, error, *_ = found[name]
        assert count == 0
        assert error, name
        assert reason in error


def test_feeds_below_the_cap_are_read_one_by_one_within_the_memory(site):
    """Two that only the lenient parser reads, and two strict ones; together 60 MB and 200,000 entries."""
    broken = "<description>&nosuch; <b></description></channel></rss>"
    site.routes |= {
        "/many": Answer(b"".join(large_feed(80_000, 180)), headers=RSS),
        "/long": Answer(b"".join(large_feed(1000, 15_000)), headers=RSS),
        "/many-odd": Answer(b"".join(large_feed(80_000, 180, tail=broken)), headers=RSS),
        "/long-odd": Answer(b"".join(large_feed(1000, 15_000, tail=broken)), headers=RSS),
    }
    assert all(10 * MIB < len(answer.body) < 16 * MIB for answer in site.routes.values())
    found, _, peak_mib = run(site, *site.routes)
    assert peak_mib < MOST_MIB
    for name in ("many", "many-odd"):
        assert found[name][:2] == [2000, ""]
        assert found[name][2] == "only the first 5000 entries of the feed are read"
    assert found["long"] == [1000, ""]
    assert found["long-odd"][0] == 1000
