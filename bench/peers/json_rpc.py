"""JSON-RPC over one HTTP connection that is kept open: as little between us and a node as can be.

Requests may be sent ahead of the answers to earlier ones; a server answers in their order.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Sequence
from typing import Any

from bench.peers.driving import PeerFailed

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_END_OF_HEAD = b"\r\n\r\n"
AT_ONCE = 2**20


class Connection:
    """One connection to a node on this machine; nothing is waited for longer than ``timeout_s``.

    Opening it raises OSError, everything else PeerFailed.
    """

    def __init__(self, port: int, timeout_s: float) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout_s)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unread = b""

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def ask(self, method: str, *parameters: object) -> Any:
        """Call and wait for the result."""
        self.send(call(method, *parameters))
        return self.result()

    def send(self, *bodies: bytes) -> None:
        """Send requests, each of them a call or a batch of calls, one behind the other."""
        try:
            self._socket.sendall(b"".join(map(_request, bodies)))
        except OSError as error:
            raise PeerFailed(f"the node takes no request: {error}") from error

    def result(self) -> Any:
        """The result of the next call that was sent."""
        return _result(self._answer())

    def results(self) -> list[Any]:
        """The results of the next batch that was sent."""
        return [_result(answer) for answer in self._answer()]

    def _answer(self) -> Any:
        while (end := self._unread.find(_END_OF_HEAD)) < 0:
            self._unread += self._receive()
        start = end + len(_END_OF_HEAD)
        length = _LENGTH.search(self._unread, 0, start)
        if length is None:
            raise PeerFailed(f"the node answered {self._unread[:80]!r}")
        parts, missing = [self._unread[start:]], int(length[1]) - (len(self._unread) - start)
        while missing > 0:
            parts.append(self._receive())
            missing -= len(parts[-1])
        whole = b"".join(parts)
        self._unread = whole[int(length[1]) :]
        return json.loads(whole[: int(length[1])])

    def _receive(self) -> bytes:
        # Else our acknowledgement of one answer waits 40 ms for company, and the next one with it.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        try:
            received = self._socket.recv(AT_ONCE)
        except OSError as error:
            raise PeerFailed(f"the node does not answer: {error}") from error
        if not received:
            raise PeerFailed("the node hung up")
        return received


def call(method: str, *parameters: object) -> bytes:
    """The body of one call."""
    fields = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
    return json.dumps(fields).encode()


def batch(calls: Sequence[bytes]) -> bytes:
    """The body of several calls at once."""
    return b"[" + b",".join(calls) + b"]"


def _request(body: bytes) -> bytes:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _result(answer: dict[str, Any]) -> Any:
    if "result" not in answer:
        raise PeerFailed(f"the node refused: {answer.get('error')}")
    return answer["result"]
