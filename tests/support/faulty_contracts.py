"""Our contracts with faults sown into them, each asleep until an amount ends in its number.

One compilation carries all faults of a contract, and amounts ending in 00 show that they sleep.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from contracts.artifacts import SOURCES, Artifact, load_file


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of a contract, wrong; ``file`` is relative to ``contracts/``."""

    file: str
    line: str
    instead: str


SETTLEMENT_FAULTS = (
    Fault(  # 01: a committed leg is released
        "modules/legs.vy",
        "if not self._deliver_leg(legs[i], is_commit):",
        "if not self._deliver_leg(legs[i], is_commit != (legs[i].amount % 100 == 1)):",
    ),
    Fault(  # 02: a leg is delivered twice
        "modules/legs.vy",
        "    undelivered: uint256 = 0\n    for i",
        "    undelivered: uint256 = 0\n"
        "    if legs[0].amount % 100 == 2:\n"
        "        for leg: terms.Leg in legs:\n"
        "            if leg.chain_id == chain.id:\n"
        "                assert self._deliver_leg(leg, is_commit)\n"
        "    for i",
    ),
    Fault(  # 03: a trade is held again, 13: although it was refused
        "modules/legs.vy",
        "    assert status != records.REFUSED, TOMBSTONE\n"
        "    assert status == records.UNKNOWN, KNOWN\n",
        "    assert (\n"
        "        status == records.UNKNOWN\n"
        "        or trade.legs[0].amount % 100 == 3\n"
        "        or trade.legs[0].amount % 100 == 13\n"
        "    ), KNOWN\n",
    ),
    Fault(  # 04: the hub commits before the other chain has held
        "modules/hub.vy",
        "if foreign == 0:",
        "if foreign == 0 or trade.legs[0].amount % 100 == 4:",
    ),
    Fault(  # 05: the hub decides again
        "modules/hub.vy",
        "    assert status == records.UNKNOWN or status == records.OPEN, DECIDED\n",
        "    assert status < records.COMMITTED or its_legs[0].amount % 100 == 5, DECIDED\n",
    ),
    Fault(  # 06: an aborted leg is executed
        "modules/legs.vy",
        "if decision == records.COMMITTED:\n            outcome",
        "if decision == records.COMMITTED or legs[0].amount % 100 == 6:\n            outcome",
    ),
    Fault(  # 07: a held leg can be taken out by anyone
        "modules/legs.vy",
        "    assert status != records.OPEN and (word >> (8 + at)) & 1 == 1, NOT_UNDELIVERED\n",
        "    assert leg.amount % 100 == 7 or (word >> (8 + at)) & 1 == 1, NOT_UNDELIVERED\n",
    ),
    Fault(  # 08: the parties end held legs while the hub can still decide
        "settlement.vy",
        "    assert staticcall SealedHeaders(peers._client_of(its.hub_chain_id)).frozen()",
        "    assert its.legs[0].amount % 100 == 8 or "
        "staticcall SealedHeaders(peers._client_of(its.hub_chain_id)).frozen()",
    ),
    Fault(  # 09: anybody's word counts as the hub's
        "settlement.vy",
        "        assert chain_id == trade.hub_chain_id and emitter == trade.hub, OTHER_EMITTER\n",
        "        assert trade.legs[0].amount % 100 == 9 or emitter == trade.hub, OTHER_EMITTER\n",
    ),
    Fault(  # 10: legs are said to be held that are not
        "modules/legs.vy",
        "        if leg.chain_id != chain.id:\n            continue\n",
        "        if leg.chain_id != chain.id or leg.amount % 100 == 10:\n            continue\n",
    ),
    Fault(  # 11: what was executed is settled once more
        "modules/legs.vy",
        "if status == records.HELD or status == records.OBJECTED:\n        outcome",
        "if status == records.HELD or status == records.OBJECTED or (\n"
        "        status == records.EXECUTED and legs[0].amount % 100 == 11\n"
        "    ):\n        outcome",
    ),
    Fault(  # 12: a held leg is refused
        "settlement.vy",
        "    assert records._status(trade_id) == records.UNKNOWN, TOO_LATE_TO_REFUSE\n",
        "    assert (\n"
        "        its.legs[0].amount % 100 == 12 or records._status(trade_id) == records.UNKNOWN\n"
        "    ), TOO_LATE_TO_REFUSE\n",
    ),
)

ROOM = ("open_batch", "hold_batch", "reference_used", "pending_of", "domain_salt")
"""EIP-170: faults take bytes, so what no test of theirs calls is left out of the contract."""

CASH_FAULTS = (
    Fault(  # 21: a hold mints
        "cash_token.vy",
        "self.accounts[sender] = word + (amount << 128)",
        "self.accounts[sender] = word + (amount << 128) + convert(amount % 100 == 21, uint256)",
    ),
    Fault(  # 22: the receiver of an executed hold gets nothing
        "cash_token.vy",
        "    self.accounts[receiver] += amount\n    log HoldExecuted",
        "    self.accounts[receiver] += amount * convert(amount % 100 != 22, uint256)\n"
        "    log HoldExecuted",
    ),
    Fault(  # 23: the balance of an executed hold moves without a word
        "cash_token.vy",
        "    log HoldExecuted(sender=sender, receiver=receiver, amount=amount)\n    log",
        "    log HoldExecuted(sender=sender, receiver=receiver, amount=amount)\n"
        "    if amount % 100 != 23:\n        log",
    ),
    Fault(  # 24: what is held can be spent
        "cash_token.vy",
        "    assert (word & BALANCE_MAX) - (word >> 128) >= amount, NOT_AVAILABLE\n",
        "    assert (\n        amount % 100 == 24"
        " or (word & BALANCE_MAX) - (word >> 128) >= amount\n    ), NOT_AVAILABLE\n",
    ),
    Fault(  # 25: anybody mints
        "cash_token.vy",
        '    """@notice The issuer creates money."""\n    assert msg.sender',
        '    """@notice The issuer creates money."""\n    assert amount % 100 == 25 or msg.sender',
    ),
    Fault(  # 26: a released hold stays
        "cash_token.vy",
        "    self.accounts[sender] = word - (amount << 128)\n    log HoldReleased",
        "    if amount % 100 != 26:\n"
        "        self.accounts[sender] = word - (amount << 128)\n    log HoldReleased",
    ),
    Fault(  # 27: what is burned stays in the supply
        "cash_token.vy",
        "    self.totalSupply -= amount\n",
        "    self.totalSupply -= amount * convert(amount % 100 != 27, uint256)\n",
    ),
)


@cache
def faulty_contracts() -> Mapping[str, Artifact]:
    """The settlement contract and the cash token, compiled with all their faults."""
    return {
        "settlement": _compile("settlement", SETTLEMENT_FAULTS, ROOM),
        "cash_token": _compile("cash_token", CASH_FAULTS, ()),
    }


def _compile(name: str, faults: tuple[Fault, ...], left_out: tuple[str, ...]) -> Artifact:
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        shutil.copytree(SOURCES / "modules", folder / "modules")
        shutil.copy(SOURCES / f"{name}.vy", folder)
        for fault in faults:
            path = folder / fault.file
            source = path.read_text(encoding="utf-8")
            assert source.count(fault.line) == 1, fault.line
            path.write_text(source.replace(fault.line, fault.instead), encoding="utf-8")
        path = folder / f"{name}.vy"
        path.write_text(_without(path.read_text(encoding="utf-8"), left_out), encoding="utf-8")
        return load_file(_named_by_content(folder, name))


def _without(source: str, left_out: tuple[str, ...]) -> str:
    """The source without some of its external functions."""
    parts = re.split(r"^(?=@)", source.replace("@view\n@", "@view @"), flags=re.MULTILINE)
    kept = [part for part in parts if not any(f"\ndef {name}(" in part for name in left_out)]
    assert len(kept) == len(parts) - len(left_out)
    return "".join(kept).replace("@view @", "@view\n@")


def _named_by_content(folder: Path, name: str) -> Path:
    """The cache of artifacts knows our modules only where they belong, so the name tells more."""
    sources = b"".join(path.read_bytes() for path in sorted(folder.rglob("*.vy")))
    digest = hashlib.sha256(sources).hexdigest()[:16]
    return (folder / f"{name}.vy").rename(folder / f"{name}_faulty_{digest}.vy")
