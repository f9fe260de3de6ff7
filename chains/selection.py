"""Which engine a name means on this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chains.engine import ChainError

if TYPE_CHECKING:
    from chains.config import ChainConfig
    from chains.ledger import Ledger


class EngineName(StrEnum):
    """What can be asked for."""

    AUTO = "auto"  # the fastest that works here
    REVM = "revm"
    PYEVM = "pyevm"


class EngineMissing(ChainError):
    """The engine asked for does not work on this machine; the sentence says why."""

    code = "E-CHAIN-ENGINE-MISSING"


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine that works here."""

    name: EngineName
    make: Callable[[ChainConfig], Ledger]
    notice: str = ""  # why it is not the fastest, when it was chosen in its place


def choose(name: EngineName) -> Choice:
    """The engine to use. Raises EngineMissing."""
    if name is EngineName.PYEVM:
        return _pyevm()
    try:
        return _revm()
    except EngineMissing as error:
        if name is EngineName.REVM:
            raise
        return _pyevm(f"blocks are executed by pyevm, which is slower: {error}")


def _revm() -> Choice:
    from chains.revm_selftest import RevmUnavailable, check_revm

    try:
        check_revm()
    except RevmUnavailable as error:
        raise EngineMissing(str(error)) from error
    from chains.revm import RevmEngine

    return Choice(EngineName.REVM, RevmEngine)


def _pyevm(notice: str = "") -> Choice:
    from chains.pyevm import PyEvmEngine

    return Choice(EngineName.PYEVM, PyEvmEngine, notice)
