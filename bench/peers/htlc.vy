# pragma version ==0.4.3
"""
@title Hash time locked contract: what most swaps between two chains use today
@license Apache-2.0
@notice An amount is locked under the hash of a secret. Whoever knows the secret delivers it to the
        receiver; once the lock has expired, anybody may give it back to the sender.
@dev Nothing of the other chain is verified: both parties watch both clocks. A hash serves once.
"""

interface Token:
    def transfer(receiver: address, amount: uint256) -> bool: nonpayable
    def transferFrom(sender: address, receiver: address, amount: uint256) -> bool: nonpayable

event Locked:
    hash_lock: indexed(bytes32)
    sender: indexed(address)
    receiver: indexed(address)
    token: address
    amount: uint256
    expiry_s: uint256

event Claimed:
    hash_lock: indexed(bytes32)
    preimage: bytes32

event Refunded:
    hash_lock: indexed(bytes32)

struct Lock:
    sender: address
    receiver: address
    token: address
    amount: uint256
    expiry_s: uint256

USED: constant(String[32]) = "htlc: the hash was used"
NOTHING: constant(String[32]) = "htlc: zero account or amount"
PAST: constant(String[32]) = "htlc: expiry is not ahead"
NOT_LOCKED: constant(String[32]) = "htlc: nothing locked"
EXPIRED: constant(String[32]) = "htlc: expired"
NOT_EXPIRED: constant(String[32]) = "htlc: not expired"
NOT_MOVED: constant(String[32]) = "htlc: the token said no"

lock_of: public(HashMap[bytes32, Lock])


@external
def lock(
    hash_lock: bytes32, receiver: address, token: address, amount: uint256, expiry_s: uint256
):
    """@notice Lock an allowed amount of the caller's until an expiry."""
    assert self.lock_of[hash_lock].expiry_s == 0, USED
    assert receiver != empty(address) and amount != 0, NOTHING
    assert expiry_s > block.timestamp, PAST
    self.lock_of[hash_lock] = Lock(
        sender=msg.sender, receiver=receiver, token=token, amount=amount, expiry_s=expiry_s
    )
    moved: bool = extcall Token(token).transferFrom(msg.sender, self, amount)
    assert moved, NOT_MOVED
    log Locked(
        hash_lock=hash_lock,
        sender=msg.sender,
        receiver=receiver,
        token=token,
        amount=amount,
        expiry_s=expiry_s,
    )


@external
def claim(preimage: bytes32):
    """@notice Deliver to the receiver what is locked under the hash of a secret."""
    hash_lock: bytes32 = keccak256(preimage)
    locked: Lock = self.lock_of[hash_lock]
    assert locked.amount != 0, NOT_LOCKED
    assert block.timestamp < locked.expiry_s, EXPIRED
    self.lock_of[hash_lock].amount = 0
    log Claimed(hash_lock=hash_lock, preimage=preimage)
    self._pay(locked.token, locked.receiver, locked.amount)


@external
def refund(hash_lock: bytes32):
    """@notice Give back to its sender what nobody claimed in time."""
    locked: Lock = self.lock_of[hash_lock]
    assert locked.amount != 0, NOT_LOCKED
    assert block.timestamp >= locked.expiry_s, NOT_EXPIRED
    self.lock_of[hash_lock].amount = 0
    log Refunded(hash_lock=hash_lock)
    self._pay(locked.token, locked.sender, locked.amount)


@internal
def _pay(token: address, receiver: address, amount: uint256):
    moved: bool = extcall Token(token).transfer(receiver, amount)
    assert moved, NOT_MOVED
