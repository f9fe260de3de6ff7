"""Where the time of an action goes: EVM, signatures, tries and headers, encoding, the rest."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable, Sequence

Shares = dict[str, float]

PLACES = {
    "EVM": ("message_call", "deploy", "eth/vm/", "eth/precompiles/", "revm_binding", "pyrevm"),
    "signatures": ("coincurve", "eth_keys", "sign_digest", "recover", "signatures.py"),
    "tries and headers": (
        *("keccak", "sha3", "trie", "/rlp", "rlp/", "headers.py", "consensus.py", "receipts.py"),
        *("assembly.py", "revm_state", "state_trie", "eth/db", "eth/rlp", "bloom"),
    ),
    "encoding": ("eth_abi", "contract_calls.py", "abi.py", "eip712.py", "transactions.py"),
}
"""Parts of a function's place or name, the first match counts; what has none is the rest."""


def shares_of(action: Callable[[str], object], inputs: Sequence[str]) -> Shares:
    """The share of each kind of work in the time of an action, as a profiler sees it.

    A profiler makes many small Python functions look dearer than few large native ones.
    """
    profile = cProfile.Profile()
    for given in inputs:
        profile.runcall(action, given)
    spent = dict.fromkeys([*PLACES, "rest"], 0.0)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for (file, _, function), (_, _, own_s, _, _) in stats.items():
        spent[_kind(f"{file} {function}")] += own_s
    total = sum(spent.values())
    return {what: seconds / total for what, seconds in spent.items()}


def _kind(place: str) -> str:
    return next(
        (what for what, parts in PLACES.items() if any(part in place for part in parts)), "rest"
    )
