"""Others' settlements beside ours: the same machine, the same run, the same transactions."""

from bench.figures import Figures
from bench.peers.htlc_on import (
    htlc_by_program_on_anvil,
    htlc_by_program_on_hardhat,
    htlc_by_signing_program_on_anvil,
    htlc_by_signing_program_on_hardhat,
    htlc_by_viem_on_hardhat,
    htlc_on_anvil,
    htlc_on_engine,
    htlc_on_hardhat,
)
from bench.peers.installed import Peers, available
from bench.peers.replay_on_anvil import our_calldata_on_anvil

__all__ = [
    "Figures",
    "Peers",
    "available",
    "htlc_by_program_on_anvil",
    "htlc_by_program_on_hardhat",
    "htlc_by_signing_program_on_anvil",
    "htlc_by_signing_program_on_hardhat",
    "htlc_by_viem_on_hardhat",
    "htlc_on_anvil",
    "htlc_on_engine",
    "htlc_on_hardhat",
    "our_calldata_on_anvil",
]
