"""What chains, participants and legs are called on screen, in the language of the moment."""

from __future__ import annotations

import re
from typing import Final

from gui.i18n import mark, tr
from gui.models.amounts import amount_text
from gui.models.facts import LegFacts, RunFacts, TradeFacts

CHAINS: Final = {
    "shanghai": mark("Shanghai"),
    "london": mark("London"),
    "frankfurt": mark("Frankfurt"),
    "hongkong": mark("Hong Kong"),
    "singapore": mark("Singapore"),
    "newyork": mark("New York"),
}
ROLES: Final = {
    "relayer": mark("Relayer"),
    "issuer": mark("Issuer"),
    "operator": mark("Operator"),
    "authority": mark("Authority"),
    "stranger": mark("Stranger"),
}

_ASIDE: Final = re.compile(r"\s*[(,].*")


def chain_name(key: str) -> str:
    """A chain as people call it."""
    known = CHAINS.get(re.sub(r"[^a-z]", "", key.lower()))
    return tr(known) if known else _titled(key)


def actor_name(run: RunFacts, key: str) -> str:
    """A participant's name without what is said about it, or a role."""
    if key in run.participants:
        return _ASIDE.sub("", run.participants[key]) or _titled(key)
    return tr(ROLES[key]) if key in ROLES else _titled(key)


def hue(run: RunFacts, chain: str) -> int:
    """A chain's identity: its place in the scenario."""
    return run.chains.index(chain) if chain in run.chains else 0


def leg_amount(run: RunFacts, leg: LegFacts) -> str:
    """A leg's amount with its instrument's code."""
    return f"{figure(run, leg.instrument, leg.amount)} {leg.instrument}"


def figure(run: RunFacts, instrument: str, minor: int) -> str:
    """An amount in its instrument's own decimals."""
    listed = run.instruments.get(instrument)
    return amount_text(minor, listed.minor_units if listed else 0)


def is_cash(run: RunFacts, leg: LegFacts) -> bool:
    """True for a payment leg, false for a delivery leg."""
    listed = run.instruments.get(leg.instrument)
    return listed is not None and listed.is_cash


def kind_of(run: RunFacts, trade: TradeFacts) -> str:
    """What sort of trade it is."""
    payments = sum(is_cash(run, leg) for leg in trade.legs)
    match len(trade.legs), payments:
        case 2, 1:
            return tr("delivery versus payment")
        case 2, 2:
            return tr("payment versus payment")
        case count, _:
            return tr("{count} legs", count=count)


def _titled(key: str) -> str:
    return key.replace("_", " ").replace("-", " ").title() if key.islower() else key
