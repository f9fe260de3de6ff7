"""py-evm's Shanghai virtual machine under QBFT: its own checks, less those that QBFT contradicts.

Overridden py-evm checks (the conformance suite names and tests each):

- ``extra_data_max_bytes``: 32 in py-evm; QBFT keeps validators and seals there.
- ``validate_header``: EIP-3675 wants difficulty 0; Besu writes 1 and the Istanbul mix hash.
- ``validate_gas``: with fees ``zero`` the base fee stays 0; EIP-1559 would raise it to 1.
- ``validate_seal``: a quorum of commit seals in place of proof of work.
- header hash: QBFT's block hash, without round and seals.
- transaction signatures: the ledger has recovered the sender when the transaction came in.
- code size (EIP-170) and initcode size (EIP-3860): only where the chain's configuration lifts them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import rlp as pyrlp
from eth.abc import (
    AtomicDatabaseAPI,
    BlockHeaderAPI,
    ConsensusAPI,
    DatabaseAPI,
    MessageAPI,
    SignedTransactionAPI,
)
from eth.db.chain import ChainDB
from eth.exceptions import HeaderNotFound
from eth.validation import validate_gas_limit
from eth.vm.forks.paris import ParisVM
from eth.vm.forks.shanghai import ShanghaiVM
from eth.vm.forks.shanghai.blocks import ShanghaiBlockHeader
from eth.vm.forks.shanghai.computation import ShanghaiComputation
from eth.vm.forks.shanghai.state import ShanghaiState, ShanghaiTransactionExecutor
from eth_typing import Address, Hash32
from eth_utils.exceptions import ValidationError

from chains.config import ChainConfig
from chains.consensus import NotSealed, check_seals
from chains.headers import EMPTY_TRIE_ROOT, ISTANBUL_MIX_HASH, BadHeader, Header, block_hash

EXTRA_DATA_MAX_BYTES = 4096  # 32 validators that all seal need 2,900
QBFT_DIFFICULTY = 1
QBFT_NONCE = b"\x00" * 8


class QbftHeader(ShanghaiBlockHeader):
    """A Shanghai header whose hash follows QBFT."""

    @property
    def hash(self) -> Hash32:
        if self._hash is None:
            self._hash = block_hash(to_header(self))
        return Hash32(self._hash)

    @classmethod
    def of(cls, header: Header) -> QbftHeader:
        """The py-evm form of a header."""
        decoded: QbftHeader = pyrlp.decode(header.encode(), sedes=cls)
        return decoded


def to_header(header: BlockHeaderAPI) -> Header:
    """Our form of a py-evm header."""
    return Header.decode(pyrlp.encode(header))


class QbftChainDB(ChainDB):
    """A chain database that reads headers back with QBFT's hash."""

    @staticmethod
    def _get_block_header_by_hash(db: DatabaseAPI, block_hash: Hash32) -> BlockHeaderAPI:
        try:
            encoded = db[block_hash]
        except KeyError:
            raise HeaderNotFound(f"no header with hash 0x{block_hash.hex()}") from None
        header: QbftHeader = pyrlp.decode(encoded, sedes=QbftHeader)
        header._hash = block_hash
        return header


class QbftConsensus(ConsensusAPI):
    """Accepts a header that a quorum of the validators it lists has sealed."""

    def __init__(self, base_db: AtomicDatabaseAPI) -> None:
        """QBFT keeps nothing in the database."""

    def validate_seal(self, header: BlockHeaderAPI) -> None:
        """Raises py-evm's ValidationError."""
        if header.block_number == 0:
            return
        try:
            check_seals(to_header(header))
        except (BadHeader, NotSealed) as error:
            raise ValidationError(str(error)) from error

    def validate_seal_extension(
        self, header: BlockHeaderAPI, parents: Iterable[BlockHeaderAPI]
    ) -> None:
        """Seals stand for themselves."""

    @classmethod
    def get_fee_recipient(cls, header: BlockHeaderAPI) -> Address:
        """The proposer."""
        return header.coinbase


class QbftTransactionExecutor(ShanghaiTransactionExecutor):
    """Trusts the sender that the ledger recovered."""

    def validate_transaction(self, transaction: SignedTransactionAPI) -> None:
        self.vm_state.validate_transaction(transaction)


class QbftState(ShanghaiState):
    """Shanghai state."""

    transaction_executor_class = QbftTransactionExecutor


class UnlimitedComputation(ShanghaiComputation):
    """Shanghai computation for contracts and initcode of any size."""

    @classmethod
    def validate_create_message(cls, message: MessageAPI) -> None:
        """No EIP-3860 limit."""

    @classmethod
    def validate_contract_code(cls, contract_code: bytes) -> None:
        """No EIP-170 limit."""


class UnlimitedState(QbftState):
    """Shanghai state without code size limits."""

    computation_class = UnlimitedComputation


class QbftVM(ShanghaiVM):
    """Shanghai under QBFT; ``config`` is set by ``configure``."""

    config: ClassVar[ChainConfig | None] = None
    consensus_class = QbftConsensus
    extra_data_max_bytes = EXTRA_DATA_MAX_BYTES
    _state_class = QbftState

    @classmethod
    def create_header_from_parent(  # type: ignore[override]  # curried in py-evm
        cls, parent_header: BlockHeaderAPI, **header_params: Any
    ) -> BlockHeaderAPI:
        """The unsealed header that follows; what py-evm calls the pending block."""
        parent = to_header(parent_header)
        fields = {
            "parent_hash": parent_header.hash,
            "state_root": parent.state_root,
            "block_number": parent.height + 1,
            "gas_limit": parent.gas_limit,
            "timestamp": parent.timestamp_s + 1,
            "extra_data": parent.extra_data,
            "difficulty": QBFT_DIFFICULTY,
            "mix_hash": ISTANBUL_MIX_HASH,
            "nonce": QBFT_NONCE,
            "base_fee_per_gas": cls.settings().base_fee_after(parent),
            "withdrawals_root": EMPTY_TRIE_ROOT,
        }
        return QbftHeader(**{**fields, **header_params})

    @classmethod
    def validate_header(cls, header: BlockHeaderAPI, parent_header: BlockHeaderAPI) -> None:
        """py-evm's checks before the merge, and QBFT's constants. Raises ValidationError."""
        super(ParisVM, cls).validate_header(header, parent_header)
        if header.difficulty != QBFT_DIFFICULTY or header.nonce != QBFT_NONCE:
            raise ValidationError("a QBFT header has difficulty 1 and nonce 0")
        if header.mix_hash != ISTANBUL_MIX_HASH:
            raise ValidationError("a QBFT header has the Istanbul mix hash")

    @classmethod
    def validate_gas(cls, header: BlockHeaderAPI, parent_header: BlockHeaderAPI) -> None:
        """Raises ValidationError."""
        validate_gas_limit(header.gas_limit, parent_header.gas_limit)
        expected = cls.settings().base_fee_after(to_header(parent_header))
        if header.base_fee_per_gas != expected:
            raise ValidationError(f"the base fee is {header.base_fee_per_gas}, expected {expected}")

    @classmethod
    def settings(cls) -> ChainConfig:
        """The chain's configuration. Raises ValidationError for a machine without one."""
        if cls.config is None:
            raise ValidationError("a QBFT machine needs its chain's configuration")
        return cls.config


def machine_class(config: ChainConfig) -> type[QbftVM]:
    """The machine type for one configuration."""
    state = QbftState if config.limit_contract_code else UnlimitedState
    return QbftVM.configure(config=config, _state_class=state)
