"""anvil nodes, each a process of its own: started on a free port, stopped whatever happens."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bench.peers import json_rpc
from bench.peers.driving import BLOCK_GAS, PeerFailed
from bench.peers.htlc_pair import hexed
from bench.peers.installed import Peers
from bench.peers.json_rpc import Connection

START_S, ANSWER_S, STOP_S = 20.0, 120.0, 5.0
POLL_S = 0.02

SETTINGS = (
    *("--silent", "--host", "127.0.0.1", "--no-cors", "--no-request-size-limit"),
    *("--accounts", "0", "--hardfork", "shanghai", "--gas-limit", str(BLOCK_GAS)),
    # Gas is free, but a tip is suggested: anvil fills one into a program's transaction anyway, and
    # beside it a fee that is too low when it suggests none.
    *("--gas-price", "0", "--base-fee", "0", "--order", "fifo"),
    # Old states are of no use here, and keeping them slows anvil further with every block.
    "--prune-history",
)


class AnvilChain:
    """One node, and how many receipts it owes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_automatic = True
        self._owed = 0

    def post(self, raw: bytes) -> None:
        """Have one transaction put into a block of its own."""
        self._be_automatic(True)
        self._connection.send(json_rpc.call("eth_sendRawTransactionSync", hexed(raw)))
        self._owed = 1

    def post_block(self, raws: Sequence[bytes], timestamp_s: int | None = None) -> None:
        """Have many put into one block, of a given time or the node's own."""
        self._be_automatic(False)
        moment = [] if timestamp_s is None else [{"timestamp": timestamp_s}]
        self._connection.send(
            json_rpc.batch([json_rpc.call("eth_sendRawTransaction", hexed(raw)) for raw in raws]),
            json_rpc.call("evm_mine", *moment),
            json_rpc.call("eth_getBlockReceipts", "latest"),
        )
        self._owed = len(raws)

    def wait(self) -> None:
        """Take the receipts of what was posted last. Raises PeerFailed unless all succeeded."""
        if self._is_automatic:
            receipts = [self._connection.result()]
        else:
            self._connection.results()
            self._connection.result()
            receipts = self._connection.result()
        failed = [receipt for receipt in receipts if receipt["status"] != "0x1"]
        if failed or len(receipts) != self._owed:
            mined = f"{len(receipts)} of {self._owed} transactions were mined"
            raise PeerFailed(f"{mined}, {len(failed)} failed: {failed[:1]}")

    def _be_automatic(self, wanted: bool) -> None:
        if wanted is not self._is_automatic:
            self._connection.ask("evm_setAutomine", wanted)
            self._is_automatic = wanted


@contextmanager
def anvil_chain(
    peers: Peers, chain_id: int, genesis_timestamp_s: int | None = None
) -> Iterator[AnvilChain]:
    """A node with an empty chain and a connection to it, while it is used. Raises PeerFailed."""
    with anvil_node(peers, chain_id, genesis_timestamp_s) as port:
        connection = Connection(port, ANSWER_S)
        try:
            yield AnvilChain(connection)
        finally:
            connection.close()


@contextmanager
def anvil_node(
    peers: Peers, chain_id: int, genesis_timestamp_s: int | None = None
) -> Iterator[int]:
    """The port of a node with an empty chain, while it is used. Raises PeerFailed."""
    port = _free_port()
    command = [str(peers.anvil), *SETTINGS, "--port", str(port), "--chain-id", str(chain_id)]
    if genesis_timestamp_s is not None:
        command += ["--timestamp", str(genesis_timestamp_s)]
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            command,
            cwd=home,
            env={"HOME": home},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _until_it_answers(process, port)
            yield port
        finally:
            _stop(process)


def _until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    give_up = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < give_up:
        try:
            Connection(port, ANSWER_S).close()
            return
        except ConnectionRefusedError:
            time.sleep(POLL_S)
    raise PeerFailed(f"anvil does not answer on port {port}; exit code {process.poll()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
