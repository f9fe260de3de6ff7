#pragma version ==0.4.3
"""
@title Light client: believes the sealed headers of one other chain.
@dev The trust anchor is in the constructor. Nobody owns the client and nothing can be changed,
     except by a quorum of the validators that it trusts.
"""

from modules import commit_seals
from modules import qbft_header

CLIENT_FROZEN: constant(String[32]) = "client: frozen"
CLIENT_NO_GENESIS: constant(String[32]) = "client: genesis hash is zero"
CLIENT_NO_CHAIN: constant(String[32]) = "client: chain id is zero"
CLIENT_GENESIS: constant(String[32]) = "client: child of another genesis"
CLIENT_ZERO_ROOT: constant(String[32]) = "client: receipts root is zero"
CLIENT_QUORUM: constant(String[32]) = "client: too few seals"
CLIENT_OLD: constant(String[32]) = "client: below the trusted set"
CLIENT_TRUSTED: constant(String[32]) = "client: not the trusted set"
CLIENT_TRUSTED_QUORUM: constant(String[32]) = "client: too few trusted seals"
CLIENT_SET_AGE: constant(String[32]) = "client: set not newer"


event HeaderAccepted:
    height: indexed(uint256)
    block_hash: bytes32
    receipts_root: bytes32


event ValidatorsChanged:
    height: indexed(uint256)
    validators_hash: bytes32


event Frozen:
    height: indexed(uint256)
    known: bytes32
    other: bytes32


CHAIN_ID: immutable(uint256)
GENESIS_HASH: immutable(bytes32)

# keccak256 of the ABI encoding of the trusted set; a frozen client trusts nobody: zero.
validators_hash: public(bytes32)
# The first height that this set seals.
trusted_since: public(uint256)
# keccak256(block hash || receipts root) by height.
commitments: public(HashMap[uint256, bytes32])


@deploy
def __init__(
    chain_id: uint256,
    genesis_hash: bytes32,
    height: uint256,
    validators: DynArray[address, qbft_header.VALIDATORS_MAX],
):
    assert chain_id != 0, CLIENT_NO_CHAIN
    assert genesis_hash != empty(bytes32), CLIENT_NO_GENESIS
    commit_seals._check_set(validators)
    CHAIN_ID = chain_id
    GENESIS_HASH = genesis_hash
    self.validators_hash = keccak256(abi_encode(validators))
    self.trusted_since = height


@external
def update(
    header: Bytes[qbft_header.HEADER_MAX],
    bitmap: uint256,
    seals: Bytes[commit_seals.SEALS_MAX],
    trusted_validators: DynArray[address, qbft_header.VALIDATORS_MAX],
):
    """
    @notice Believes a header that a quorum of the trusted validators has sealed.
    @dev Anyone may call. A second, different block at a known height freezes the client for good.
    @param header The header with its round and an empty list of seals: what validators sign.
    @param bitmap Which members of the header's validator list have sealed.
    @param seals Their seals, r | s | v, in the order of that list.
    @param trusted_validators The set trusted so far; needed when the header lists another one.
    """
    trusted: bytes32 = self.validators_hash
    assert trusted != empty(bytes32), CLIENT_FROZEN
    parsed: qbft_header.Header = qbft_header._parse(header)
    height: uint256 = parsed.number
    assert parsed.receipts_root != empty(bytes32), CLIENT_ZERO_ROOT
    since: uint256 = self.trusted_since
    assert height >= since, CLIENT_OLD
    assert height != 1 or parsed.parent_hash == GENESIS_HASH, CLIENT_GENESIS

    signers: DynArray[address, qbft_header.VALIDATORS_MAX] = commit_seals._signers(
        parsed.seal_hash, parsed.validators, bitmap, seals
    )
    assert len(signers) >= commit_seals._quorum(len(parsed.validators)), CLIENT_QUORUM
    listed: bytes32 = keccak256(abi_encode(parsed.validators))
    if listed != trusted:
        commit_seals._check_set(parsed.validators)
        assert keccak256(abi_encode(trusted_validators)) == trusted, CLIENT_TRUSTED
        assert commit_seals._common(trusted_validators, signers) >= commit_seals._quorum(
            len(trusted_validators)
        ), CLIENT_TRUSTED_QUORUM

    commitment: bytes32 = keccak256(concat(parsed.block_hash, parsed.receipts_root))
    known: bytes32 = self.commitments[height]
    if known != empty(bytes32):
        if known != commitment:
            # Validators contradict themselves. A revert here would undo the freeze.
            self.validators_hash = empty(bytes32)
            log Frozen(height=height, known=known, other=commitment)
        return
    if listed != trusted:
        assert height > since, CLIENT_SET_AGE
        self.validators_hash = listed
        self.trusted_since = height
        log ValidatorsChanged(height=height, validators_hash=listed)
    self.commitments[height] = commitment
    log HeaderAccepted(
        height=height, block_hash=parsed.block_hash, receipts_root=parsed.receipts_root
    )


@view
@external
def proves(height: uint256, block_hash: bytes32, receipts_root: bytes32) -> bool:
    """
    @notice Whether the block at a height is known to be this one, with these receipts.
    """
    if self.validators_hash == empty(bytes32) or receipts_root == empty(bytes32):
        return False
    return self.commitments[height] == keccak256(concat(block_hash, receipts_root))


@view
@external
def frozen() -> bool:
    """
    @notice Whether validators have contradicted themselves; then nothing is proven any more.
    """
    return self.validators_hash == empty(bytes32)


@view
@external
def chain_id() -> uint256:
    """
    @notice The chain whose headers this client believes.
    """
    return CHAIN_ID


@view
@external
def genesis_hash() -> bytes32:
    """
    @notice The hash of that chain's genesis block.
    """
    return GENESIS_HASH
