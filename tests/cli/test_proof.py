"""``proof show`` and ``proof verify``, as a shell would call them, also with forged files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Finished, main_py
from tests.support.recorded import recorded, written
from tests.support.runs import PVP, scenario


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("recorded") / "run")


@pytest.fixture(scope="module")
def file(run: Path) -> Path:
    place = run / "proof.json"
    done = main_py("proof", "show", str(run), "DVP0001", "--json", str(place))
    assert done.code == 0, done.err
    return place


@pytest.fixture
def verified(file: Path, tmp_path: Path) -> Callable[[Callable[[Any], None]], Finished]:
    def verify(change: Callable[[Any], None]) -> Finished:
        document = json.loads(file.read_text("utf-8"))
        change(document)
        place = tmp_path / "forged.json"
        place.write_text(json.dumps(document), "utf-8")
        return main_py("proof", "verify", str(place))

    return verify


def test_every_seal_node_and_log_of_a_trade_is_shown(run: Path) -> None:
    out = main_py("proof", "show", str(run), "DVP0001").out
    assert "2 packets" in out
    assert out.count("validator ") == 6
    assert "leaf" in out
    assert "branch" in out
    assert "is HELD" in out
    assert "is COMMITTED" in out


@pytest.mark.parametrize("engine", ["revm", "pyevm"])
def test_the_proofs_of_a_run_hold_step_by_step(run: Path, engine: str) -> None:
    done = main_py("proof", "verify", str(run), "DVP0001", "--engine", engine)
    assert done.code == 0, done.err
    assert "FAIL" not in done.out
    assert done.out.count("OK    quorum") == 4


def test_only_what_was_sent_is_shown_of_a_trade_that_was_announced_twice(tmp_path: Path) -> None:
    """Its own log, and the one it shares with others, stand in the same block."""
    run = written(scenario(PVP, PVP), tmp_path / "run")
    done = main_py("proof", "show", str(run), "T1")
    assert done.code == 0, done.err
    assert ": 2 packets" in done.out
    assert done.out.count(" is HELD") == done.out.count(" is COMMITTED") == 2


def test_a_file_holds_without_the_run(file: Path) -> None:
    done = main_py("proof", "verify", str(file))
    assert done.code == 0
    assert "all else follows" in done.out


def test_a_changed_trie_node_fails_at_that_node(
    verified: Callable[[Callable[[Any], None]], Finished],
) -> None:
    def change(document: Any) -> None:
        node = document["packets"][1]["nodes"][1]
        document["packets"][1]["nodes"][1] = node[:-1] + ("1" if node[-1] == "0" else "0")

    done = verified(change)
    assert done.code == 1
    assert done.out.splitlines()[-1].startswith("  FAIL  trie node 1: ")


@pytest.mark.parametrize("value", [True, 1.5, "1", -1, 2**80, None])
def test_a_number_that_is_none_is_one_clear_line(
    verified: Callable[[Callable[[Any], None]], Finished], value: object
) -> None:
    done = verified(lambda document: document["packets"][0].update(tx_index=value))
    assert done.code == 3
    assert len(done.error_lines) == 1
    assert "packets.0.tx_index" in done.err


def test_names_are_not_claimed_to_be_proven(
    verified: Callable[[Callable[[Any], None]], Finished],
) -> None:
    done = verified(lambda document: document.update(trade="OTHER"))
    assert done.code == 0
    assert "OTHER" not in done.out


def test_a_packet_about_another_trade_fails(
    verified: Callable[[Callable[[Any], None]], Finished],
) -> None:
    done = verified(lambda document: document.update(trade_id="0x" + "00" * 32))
    assert done.code == 1
    assert "FAIL  trade: " in done.out


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"lockstep_proof":1,"trade":"\\u001b[2J","trade_id":"0x00","packets":[]}',
        b"9" * 5_000,
        b"x" * (2**20 + 1),
    ],
    ids=["empty", "bare", "list", "no text", "deep", "escapes", "number", "endless"],
)
def test_a_file_that_is_no_proof_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "proof.json"
    place.write_bytes(content)
    done = main_py("proof", "verify", str(place))
    assert done.code == 3
    assert len(done.error_lines) == 1
    assert "\x1b" not in done.err


def test_a_proof_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    done = main_py("proof", "verify", str(tmp_path / "none.json"))
    assert done.code == 3
    assert len(done.error_lines) == 1


def test_a_trade_that_never_crossed_has_no_proof(run: Path) -> None:
    done = main_py("proof", "show", str(run), "DVP0003")
    assert done.code == 2
    assert "no proof about DVP0003" in done.err


def test_a_run_alone_does_not_say_which_proof(run: Path) -> None:
    done = main_py("proof", "verify", str(run))
    assert done.code == 2
    assert "name a trade" in done.err
