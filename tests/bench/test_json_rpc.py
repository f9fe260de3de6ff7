"""The connection to a node: answers come in the order of the requests, however they are cut."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from bench.peers import json_rpc
from bench.peers.driving import PeerFailed
from bench.peers.json_rpc import Connection

TIMEOUT_S = 0.5


class Node:
    """A node for one connection; the test reads and answers for it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.connection = Connection(self._listener.getsockname()[1], TIMEOUT_S)
        self._peer, _ = self._listener.accept()

    def asked(self) -> bytes:
        return self._peer.recv(2**16)

    def answer(self, content: bytes) -> None:
        self._peer.sendall(content)

    def close(self) -> None:
        for one in (self._peer, self._listener):
            one.close()
        self.connection.close()

    def hang_up(self) -> None:
        self._peer.close()


@pytest.fixture
def node() -> Iterator[Node]:
    node = Node()
    yield node
    node.close()


def http(body: object) -> bytes:
    content = json.dumps(body).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content)


def test_a_call_goes_out_as_one_request(node: Node) -> None:
    node.connection.send(json_rpc.call("evm_mine", {"timestamp": 7}))
    head, _, body = node.asked().partition(b"\r\n\r\n")
    assert head.startswith(b"POST / HTTP/1.1\r\n")
    assert b"Content-Length: %d" % len(body) in head
    assert json.loads(body) == {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "evm_mine",
        "params": [{"timestamp": 7}],
    }


def test_answers_to_several_requests_are_told_apart(node: Node) -> None:
    node.connection.send(json_rpc.batch([json_rpc.call("a"), json_rpc.call("b")]))
    node.connection.send(json_rpc.call("c"))
    node.answer(http([{"result": 1}, {"result": 2}]) + http({"result": 3}))
    assert node.connection.results() == [1, 2]
    assert node.connection.result() == 3


def test_an_answer_in_pieces_is_put_together(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rpc, "AT_ONCE", 7)
    node.answer(http({"result": "0x" + "ab" * 50}) + http({"result": None}))
    assert node.connection.result() == "0x" + "ab" * 50
    assert node.connection.result() is None


def test_an_error_is_no_figure(node: Node) -> None:
    node.answer(http({"error": {"code": -32003, "message": "nonce too low"}}))
    with pytest.raises(PeerFailed, match="nonce too low"):
        node.connection.result()


def test_a_node_that_hangs_up_is_no_figure(node: Node) -> None:
    node.hang_up()
    with pytest.raises(PeerFailed, match="hung up"):
        node.connection.result()


def test_a_node_that_stays_silent_is_no_figure(node: Node) -> None:
    node.connection.send(json_rpc.call("evm_mine"))
    with pytest.raises(PeerFailed, match="timed out"):
        node.connection.result()


def test_an_answer_without_a_length_is_no_figure(node: Node) -> None:
    node.answer(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(PeerFailed, match="400"):
        node.connection.result()
