"""py-evm's chain over QBFT headers."""

from __future__ import annotations

from typing import Self

from eth.abc import (
    AtomicDatabaseAPI,
    BlockAPI,
    ReceiptAPI,
    TransactionBuilderAPI,
)
from eth.chains.base import MiningChain
from eth.constants import GENESIS_PARENT_HASH
from eth_typing import Hash32

from chains.config import ChainConfig
from chains.qbft_vm import QbftChainDB, QbftHeader, QbftVM


class QbftChain(MiningChain):
    """py-evm's chain over QBFT headers."""

    chaindb_class = QbftChainDB

    @classmethod
    def over(cls, database: AtomicDatabaseAPI, genesis: QbftHeader) -> Self:
        """A chain that begins with ``genesis``, whose state is in the database."""
        QbftChainDB(database).persist_header(genesis)
        return cls(database)

    def get_transaction_builder(self) -> type[TransactionBuilderAPI]:
        """eth-tester asks its chain for this."""
        return self.get_vm().get_transaction_builder()

    def extend(self, block: BlockAPI, receipts: tuple[ReceiptAPI, ...]) -> None:
        """Keep a block whose transactions have been run. Raises ValidationError."""
        self.chaindb.persist_unexecuted_block(block, receipts)
        self.header = self.create_header_from_parent(block.header)

    def set_head(self, head: Hash32) -> None:
        """Make an earlier block, or one of another branch, the canonical head."""
        header = self.chaindb.get_block_header_by_hash(head)
        QbftChainDB._set_as_canonical_chain_head(self.chaindb.db, header, GENESIS_PARENT_HASH)
        self.header = self.create_header_from_parent(header)


def chain_class(config: ChainConfig, machine: type[QbftVM]) -> type[QbftChain]:
    """The chain type for one configuration."""
    return QbftChain.configure(chain_id=config.chain_id, vm_configuration=((0, machine),))
