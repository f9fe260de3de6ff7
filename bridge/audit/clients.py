"""What the light clients of one chain believe, beside the chains that they follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.audit.facts import Believed
from bridge.audit.findings import Findings, Rule


@dataclass(frozen=True, slots=True)
class Identity:
    """A sealed block; the receipts root is None where only the hash is known."""

    block_hash: bytes
    receipts_root: bytes | None


Canon = Mapping[int, Mapping[int, Identity]]
"""The sealed blocks of every chain, by chain and height."""


def check_belief(
    source: int, fact: Believed, canon: Canon, sealed: Mapping[int, int], findings: Findings
) -> None:
    """A light client has accepted a header of chain ``source``; chains not watched are let be."""
    if source not in canon:
        return
    what = f"block {fact.height} of chain {source}"
    if fact.height > sealed.get(source, -1):
        findings.broken(Rule.FINALITY, f"a light client believes {what}, which is not sealed")
        return
    known = canon[source].get(fact.height)
    if known is None:
        return
    if fact.block_hash != known.block_hash:
        findings.broken(Rule.CLIENT_FORK, f"a light client believes another {what}")
    elif known.receipts_root not in (None, fact.receipts_root):
        findings.broken(Rule.CLIENT_FORK, f"a light client believes other receipts of {what}")
