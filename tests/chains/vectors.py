"""Real data that nobody here wrote; tests/vectors/README.md names its sources."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent.parent / "vectors"


@cache
def besu() -> dict[str, Any]:
    """A Besu QBFT header of 4 validators, sealed by 3 in round 1."""
    text = (VECTORS / "besu-qbft-elc" / "qbft_header_7528.json").read_text()
    return dict(json.loads(text))


@cache
def harmonia() -> dict[str, Any]:
    """Besu QBFT headers with preimages and seals, whole blocks, receipt witnesses."""
    text = (VECTORS / "harmonia" / "qbft_vectors.json").read_text()
    return dict(json.loads(text))


def unhex(text: str) -> bytes:
    """Bytes of hex with or without 0x."""
    return bytes.fromhex(text.removeprefix("0x"))
