"""Two hosts as network namespaces, and a cut between one of them and the server: it stops itself, and the other goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bofbot.store import open_store
from bofbot.store.database import FENCED
from tests.engine.conftest import ROOT
from tests.postgres_server import PostgresServer

pytestmark = pytest.mark.slow

_WORK = """
import sys, time
from pathlib import Path
from bofbot.store import open_store
store = open_store(sys.argv[1], key=Path(sys.argv[2]))
store.appear()
print(store.owner, flush=True)
while True:
    store.check_lease()
    time.sleep(0.02)
"""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


@pytest.fixture
def host() -> Iterator[tuple[str, str, str]]:
    """(name of a namespace, the address of this side, the device to cut)."""
    name, device = f"bofbot{os.getpid()}", f"bof{os.getpid() % 100000}"
    if sys.platform != "linux" or os.getuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need Linux, root and `ip`")
    try:
        ip("netns", "add", name)
    except subprocess.CalledProcessError as refused:
        pytest.skip(f"no network namespaces here: {refused.stderr.strip()}")
    net = f"10.199.{os.getpid() % 250}"
    try:
        ip("link", "add", device, "type", "veth", "peer", "name", "inside", "netns", name)
        ip("addr", "add", f"{net}.1/24", "dev", device)
        ip("link", "set", device, "up")
        ip("-n", name, "addr", "add", f"{net}.2/24", "dev", "inside")
        ip("-n", name, "link", "set", "inside", "up")
        yield name, f"{net}.1", device
    except subprocess.CalledProcessError as refused:
        pytest.skip(f"no virtual network here: {refused.stderr.strip()}")
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", device], check=False, capture_output=True)


def test_a_cut_network_ends_the_worker_before_its_lease_is_free(
    postgres: PostgresServer, host: tuple[str, str, str], tmp_path: Path, figures: Callable[[str], None]
) -> None:
    name, address, device = host
    postgres.empty("lease")
    postgres.listen("*")
    key = tmp_path / "key"
    with open_store(postgres.url("lease"), key=key) as store:
        inside = subprocess.Popen(
            ["ip", "netns", "exec", name, sys.executable, "-c", _WORK, postgres.url("lease").replace("127.0.0.1", address), str(key)],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert inside.stdout is not None
        owner = inside.stdout.readline().strip()
        assert owner
        assert not store.is_dead(owner)
        began = time.monotonic()
        ip("link", "set", device, "down")
        code, free = 0, 0.0
        stopped = 0.0
        while not (stopped and free):
            if not stopped and inside.poll() is not None:
                stopped, code = time.monotonic() - began, inside.returncode
            if not free and not store.database.is_taken(f"process {owner}"):
                free = time.monotonic() - began
            assert time.monotonic() - began < 30
            time.sleep(0.02)
        figures(
            f"network cut: the worker stopped itself after {stopped:.1f} s, its lease was free after {free:.1f} s"
        )
        inside.stdout.close()
        assert code == FENCED
        assert stopped < free
