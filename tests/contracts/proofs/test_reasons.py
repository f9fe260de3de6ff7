"""Every reason that the proof contracts can give is provoked by a test in this folder."""

from __future__ import annotations

import re
from pathlib import Path

from contracts.artifacts import SOURCES

FILES = (
    "light_client.vy",
    "receipt_verifier.vy",
    *(f"modules/{name}.vy" for name in ("commit_seals", "merkle_patricia", "qbft_header", "rlp")),
)
REASON = re.compile(r'^[A-Z_]+: constant\(String\[32\]\) = "(.+)"$', re.MULTILINE)
# Each node but a leaf uses up a nibble, and a key has six; only the compiler wants an end.
NEVER = {"trie: too deep"}


def test_every_reason_has_a_test() -> None:
    reasons = {text for file in FILES for text in REASON.findall((SOURCES / file).read_text())}
    here = Path(__file__)
    others = [path for path in sorted(here.parent.glob("test_*.py")) if path != here]
    tests = "".join(path.read_text() for path in others)
    assert {text for text in reasons if f'"{text}"' not in tests} == NEVER
