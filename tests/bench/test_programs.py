"""Scripts that drive the others settle what they are given, or there is no figure."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from bench import peers
from bench.figures import Figures
from bench.peers import htlc_on, in_node
from bench.peers.anvil import anvil_node
from bench.peers.driving import PeerFailed
from bench.peers.htlc_pair import CHAIN_A, FIRMS, HtlcPair, htlc_pair
from bench.peers.installed import PINNED, Peers

FOUND = peers.available()
Way = Callable[[Peers, HtlcPair], Figures]
WAYS = [
    peers.htlc_on_hardhat,
    peers.htlc_by_viem_on_hardhat,
    peers.htlc_by_program_on_hardhat,
    peers.htlc_by_program_on_anvil,
    peers.htlc_by_signing_program_on_hardhat,
    peers.htlc_by_signing_program_on_anvil,
]
COUNT = 8
installed = pytest.mark.skipif(isinstance(FOUND, str), reason="the peers are not installed")


@cache
def pair() -> HtlcPair:
    """Signed once for all tests."""
    return htlc_pair(COUNT)


def found() -> Peers:
    assert isinstance(FOUND, Peers)
    return FOUND


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"TRIES": 1, "WARM_UP": 1, "ALONE": 2, "OLD_SETTLEMENTS": 3}.items():
        monkeypatch.setattr(htlc_on, name, value)
    for name in ("BATCH_SIZES", "SIGNED_SIZES"):
        monkeypatch.setattr(htlc_on, name, (4,))
    monkeypatch.setattr(htlc_on, "batched_count", lambda _size: COUNT)
    monkeypatch.setattr(htlc_on, "PROGRAM_BATCHES", {4: COUNT})


@installed
@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_driving_settles_alone_and_in_batches(way: Way) -> None:
    row = way(found(), pair())
    assert (len(row.alone_per_s), len(row.batched_per_s), row.batch_size) == (1, 1, 4)


@installed
@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("way", WAYS)
def test_a_lock_that_fails_is_no_figure(way: Way) -> None:
    first, *others = pair().settlements
    again = replace(others[0], lock_a=first.lock_a)  # its hash has served
    with pytest.raises(PeerFailed):
        way(found(), replace(pair(), settlements=(first, again, *others[1:])))


@installed
@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("way", WAYS[2:])
def test_a_program_reads_what_everybody_owns_in_the_end(way: Way) -> None:
    *_, last = pair().settlements
    locking = htlc_pair(COUNT + 1).settlements[COUNT].lock_a
    unclaimed = replace(last, claim_a=locking)  # succeeds, and delivers nothing
    with pytest.raises(PeerFailed, match=r"owns \d+ instead of \d+"):
        way(found(), replace(pair(), settlements=(*pair().settlements[:-1], unclaimed)))


@installed
def test_a_node_listens_on_this_machine_while_it_is_used() -> None:
    with anvil_node(found(), CHAIN_A) as port:
        socket.create_connection(("127.0.0.1", port)).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_no_firm_writes_twice_in_a_batch_of_a_program() -> None:
    assert max(htlc_on.PROGRAM_BATCHES) <= FIRMS
    assert max(htlc_on.SIGNED_SIZES) <= FIRMS


def node_that(does: str, folder: Path) -> Peers:
    """Peers whose Node is a shell script."""
    node = folder / "node"
    node.write_text(f"#!/bin/sh\n{does}\n")
    node.chmod(0o755)
    return Peers(folder=folder, node=node, anvil=folder / "anvil", versions=PINNED)


def test_what_a_script_measured_is_read(tmp_path: Path) -> None:
    told = {"alone_ms": [[2.0, 4.0]], "batched_per_s": [[20, 300.0]], "aged_ms": []}
    quiet = node_that(f"echo '{json.dumps(told)}'", tmp_path)
    times = in_node.run_script(quiet, in_node.ON_ANVIL, {})
    assert [tried.each_ms for tried in times.alone] == [(2.0, 4.0)]
    assert (times.batched, times.aged) == (((20, 300.0),), ())


def test_a_script_that_fails_tells_why(tmp_path: Path) -> None:
    failing = node_that("echo 'a transaction failed' >&2; exit 3", tmp_path)
    with pytest.raises(PeerFailed, match=r"anvil_htlc\.mjs ended with 3: a transaction failed"):
        in_node.run_script(failing, in_node.ON_ANVIL, {})
