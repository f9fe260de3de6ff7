"""Small scenarios for tests of whole runs, and the questions asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bridge.events import Event
from bridge.testbed.scenario import Scenario
from bridge.testbed.testbed import Testbed

LEI = "LOCK00HUANGPU0000060"
ISINS = {"shanghai": "CNLOCKSTEP16", "london": "GBLOCKSTEP24"}
CHAIN_IDS = {"shanghai": 310_000, "london": 440_020, "frankfurt": 490_069}
CASH = {"shanghai": "SMDC", "london": "tGBP", "frankfurt": "tEUR"}
CURRENCY = {"shanghai": "CNY", "london": "GBP", "frankfurt": "EUR"}


def leg(chain: str, sender: str, receiver: str, amount: str = "100.00") -> dict[str, str]:
    """A leg in the cash of its chain."""
    code = CASH[chain]
    return {"chain": chain, "instrument": code, "from": sender, "to": receiver, "amount": amount}


def trade(*legs: Mapping[str, str], expect: str = "settled", **fields: Any) -> dict[str, Any]:
    """A trade that is submitted at once; its hub is the first leg's chain."""
    return {
        "uti": f"{LEI}T1",
        "hub": legs[0]["chain"],
        "submit_at_s": 0,
        "prepare_by_s": 30,
        "decide_by_s": 40,
        "expect": expect,
        "legs": list(legs),
        **fields,
    }


def scenario(
    *trades: Mapping[str, Any],
    chains: Iterable[str] = ("shanghai", "london"),
    people: Mapping[str, Mapping[str, Any]] | None = None,
    **chain_fields: Any,
) -> Scenario:
    """Chains with a cash token each; everybody starts with 1,000.00 of all of them."""
    names = tuple(chains)
    numbered = [{**t, "uti": f"{LEI}T{i}"} for i, t in enumerate(trades, start=1)]
    parties = dict.fromkeys(
        p for t in trades for leg in t["legs"] for p in (leg["from"], leg["to"])
    )
    return Scenario.from_document(
        {
            "schema": 1,
            "name": "test",
            "about": "for a test",
            "start": datetime(2026, 11, 2, 1, 30, tzinfo=UTC),
            "chains": {n: {"chain_id": CHAIN_IDS[n], **chain_fields} for n in names},
            "cash": {
                CASH[n]: {"name": n, "chain": n, "currency": CURRENCY[n], "minor_units": 2}
                for n in names
            },
            "participants": {p: {"name": p, **(people or {}).get(p, {})} for p in parties},
            "positions": [
                {"instrument": CASH[n], "participant": p, "amount": "1000.00"}
                for n in names
                for p in parties
            ],
            "trades": numbered,
        }
    )


def with_plans(calm: Scenario, **plans: Iterable[Mapping[str, object]]) -> Scenario:
    """The same with faults, objections or cancellations."""
    document = calm.model_dump(by_alias=True)
    document |= {name: list(rows) for name, rows in {"trades": document["trades"], **plans}.items()}
    legs = (leg for trade in document["trades"] for leg in trade["legs"])
    for row in (*legs, *document["positions"]):
        row["amount"] = f"{row['amount'] / 100:.2f}"
    return Scenario.from_document(document)


PVP = trade(leg("shanghai", "alice", "bob"), leg("london", "bob", "alice", "50.00"))


def events(testbed: Testbed, *kinds: type[Event]) -> list[tuple[int, Any]]:
    """The journalled events of these kinds, each with its moment in milliseconds."""
    return [(e.at_ms, e.event) for e in testbed.journal if isinstance(e.event, kinds)]


def ended_well(testbed: Testbed) -> bool:
    """Every expectation met and nothing violated."""
    known = testbed.query()
    is_met = bool(known.expectations) and all(e.met for e in known.expectations)
    return is_met and not known.violations


def steps(testbed: Testbed, count: int) -> Testbed:
    """The same, so many steps later."""
    for _ in range(count):
        testbed.step()
    return testbed
