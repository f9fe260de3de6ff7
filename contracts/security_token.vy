# pragma version ==0.4.3
"""
@title Security token: a subset of ERC-3643 with holds (ERC-1996's earmark)
@license Apache-2.0
@notice A registered security. Compliance is checked when a hold is placed, the receiver's limit is
        reserved then, and neither can be taken back: no pause, freeze, burn, recovery or changed
        rule touches what the notary holds.
@dev One slot an account: balance, held and incoming (84 bits each), frozen (bit 252). One slot of
     rules: registry (160 bits), paused (bit 160), holding limit (bits 161..244; 0 is no limit).
     No immutables: agents serve tokens by code hash.
"""

interface IdentityRegistry:
    def are_verified(first: address, second: address) -> bool: view

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    amount: uint256

event Approval:
    owner: indexed(address)
    spender: indexed(address)
    amount: uint256

event HoldPlaced:
    sender: indexed(address)
    receiver: indexed(address)
    amount: uint256

event HoldExecuted:
    sender: indexed(address)
    receiver: indexed(address)
    amount: uint256

event HoldReleased:
    sender: indexed(address)
    receiver: indexed(address)
    amount: uint256

event NotaryNamed:
    notary: indexed(address)

event AddressFrozen:
    account: indexed(address)
    is_frozen: indexed(bool)

event Paused:
    by: address

event Unpaused:
    by: address

event IdentityRegistrySet:
    registry: indexed(address)

event HoldingLimitSet:
    limit: uint256

event RecoverySuccess:
    lost: indexed(address)
    replacement: indexed(address)
    amount: uint256

AMOUNT_MAX: constant(uint256) = 2**84 - 1
HELD_AT: constant(uint256) = 84
INCOMING_AT: constant(uint256) = 168
FROZEN_AT: constant(uint256) = 252
PAUSED_BIT: constant(uint256) = 2**160
LIMIT_AT: constant(uint256) = 161

NOT_ISSUER: constant(String[32]) = "security: only the issuer"
NOT_NOTARY: constant(String[32]) = "security: only the notary"
NOTARY_SET: constant(String[32]) = "security: the notary is named"
NO_ACCOUNT: constant(String[32]) = "security: zero address"
NOT_AVAILABLE: constant(String[32]) = "security: not enough available"
NOT_ALLOWED: constant(String[32]) = "security: not enough allowed"
SUPPLY_LIMIT: constant(String[32]) = "security: supply limit"
NOT_HELD: constant(String[32]) = "security: not enough held"
IS_PAUSED: constant(String[32]) = "security: paused"
IS_FROZEN: constant(String[32]) = "security: frozen account"
NOT_VERIFIED: constant(String[32]) = "security: not verified"
OVER_LIMIT: constant(String[32]) = "security: over holding limit"
SAME_ACCOUNT: constant(String[32]) = "security: same account"

name: public(String[64])
symbol: public(String[16])
isin: public(String[12])
issuer: public(address)
authority: public(address)
notary: public(address)
totalSupply: public(uint256)
allowance: public(HashMap[address, HashMap[address, uint256]])
accounts: HashMap[address, uint256]
rules: uint256


@deploy
def __init__(
    its_name: String[64],
    its_symbol: String[16],
    its_isin: String[12],
    its_registry: address,
    its_issuer: address,
    its_authority: address,
    its_holding_limit: uint256,
):
    assert its_issuer != empty(address) and its_authority != empty(address), NO_ACCOUNT
    assert its_registry != empty(address), NO_ACCOUNT
    assert its_holding_limit <= AMOUNT_MAX, SUPPLY_LIMIT
    self.name = its_name
    self.symbol = its_symbol
    self.isin = its_isin
    self.issuer = its_issuer
    self.authority = its_authority
    self.rules = convert(its_registry, uint256) | (its_holding_limit << LIMIT_AT)


@pure
@external
def decimals() -> uint8:
    """@notice Securities are counted in whole units."""
    return 0


@view
@external
def balanceOf(owner: address) -> uint256:
    """@notice What an account owns, held units included."""
    return self.accounts[owner] & AMOUNT_MAX


@view
@external
def held_of(owner: address) -> uint256:
    """@notice What the notary holds of an account."""
    return (self.accounts[owner] >> HELD_AT) & AMOUNT_MAX


@view
@external
def incoming_of(owner: address) -> uint256:
    """@notice What is held for an account to receive; it counts toward its holding limit."""
    return (self.accounts[owner] >> INCOMING_AT) & AMOUNT_MAX


@view
@external
def available_of(owner: address) -> uint256:
    """@notice What an account can still transfer."""
    return self._available(self.accounts[owner])


@view
@external
def isFrozen(account: address) -> bool:
    """@notice Whether an account may neither send nor receive."""
    return self.accounts[account] >> FROZEN_AT != 0


@view
@external
def paused() -> bool:
    """@notice Whether transfers and new holds are stopped."""
    return self.rules & PAUSED_BIT != 0


@view
@external
def identityRegistry() -> address:
    """@notice The registry that says who may hold this security."""
    return self._registry(self.rules)


@view
@external
def holding_limit() -> uint256:
    """@notice The most that one account may own; 0 is no limit."""
    return self.rules >> LIMIT_AT


@external
def transfer(receiver: address, amount: uint256) -> bool:
    """@notice Transfer what is available to a verified account."""
    self._transfer(msg.sender, receiver, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    """@notice Allow somebody to transfer up to an amount."""
    assert spender != empty(address), NO_ACCOUNT
    self.allowance[msg.sender][spender] = amount
    log Approval(owner=msg.sender, spender=spender, amount=amount)
    return True


@external
def transferFrom(owner: address, receiver: address, amount: uint256) -> bool:
    """@notice Transfer from an account that allowed it."""
    allowed: uint256 = self.allowance[owner][msg.sender]
    assert allowed >= amount, NOT_ALLOWED
    self.allowance[owner][msg.sender] = allowed - amount
    log Approval(owner=owner, spender=msg.sender, amount=allowed - amount)
    self._transfer(owner, receiver, amount)
    return True


@external
def mint(receiver: address, amount: uint256):
    """@notice The issuer creates units for a verified account within its limit."""
    assert msg.sender == self.issuer, NOT_ISSUER
    self._check_receiver(self.rules, receiver, receiver, amount)
    supply: uint256 = self.totalSupply + amount
    assert supply <= AMOUNT_MAX, SUPPLY_LIMIT
    self.totalSupply = supply
    self.accounts[receiver] += amount
    log Transfer(sender=empty(address), receiver=receiver, amount=amount)


@external
def burn(owner: address, amount: uint256):
    """@notice The issuer takes units that are not held out of existence."""
    assert msg.sender == self.issuer, NOT_ISSUER
    self._spend(owner, amount)
    self.totalSupply -= amount
    log Transfer(sender=owner, receiver=empty(address), amount=amount)


@external
def pause():
    """@notice The issuer stops transfers and new holds; what is held can still be delivered."""
    assert msg.sender == self.issuer, NOT_ISSUER
    self.rules |= PAUSED_BIT
    log Paused(by=msg.sender)


@external
def unpause():
    """@notice The issuer lets transfers and new holds go on."""
    assert msg.sender == self.issuer, NOT_ISSUER
    self.rules &= ~PAUSED_BIT
    log Unpaused(by=msg.sender)


@external
def setAddressFrozen(account: address, is_frozen: bool):
    """@notice The issuer stops or frees an account; holds already placed are not touched."""
    assert msg.sender == self.issuer, NOT_ISSUER
    self._set_frozen(account, is_frozen)


@external
def forcedTransfer(sender: address, receiver: address, amount: uint256) -> bool:
    """@notice The issuer moves units that are not held to a verified account, freeze or not."""
    assert msg.sender == self.issuer, NOT_ISSUER
    self._check_receiver(self.rules, receiver, receiver, amount)
    self._move(sender, receiver, amount)
    return True


@external
def recoveryAddress(lost: address, replacement: address) -> bool:
    """@notice The issuer moves what is not held from a lost account to its owner's new one."""
    assert msg.sender == self.issuer, NOT_ISSUER
    assert lost != replacement, SAME_ACCOUNT
    word: uint256 = self.accounts[lost]
    amount: uint256 = self._available(word)
    self._check_receiver(self.rules, replacement, replacement, amount)
    self._move(lost, replacement, amount)
    if word >> FROZEN_AT != 0:
        self._set_frozen(replacement, True)
    log RecoverySuccess(lost=lost, replacement=replacement, amount=amount)
    return True


@external
def setIdentityRegistry(registry: address):
    """@notice The issuer names another registry, for transfers and holds to come."""
    assert msg.sender == self.issuer, NOT_ISSUER
    assert registry != empty(address), NO_ACCOUNT
    word: uint256 = self.rules
    self.rules = ((word >> 160) << 160) | convert(registry, uint256)
    log IdentityRegistrySet(registry=registry)


@external
def set_holding_limit(limit: uint256):
    """@notice The issuer changes the most one account may own, for transfers and holds to come."""
    assert msg.sender == self.issuer, NOT_ISSUER
    assert limit <= AMOUNT_MAX, SUPPLY_LIMIT
    self.rules = (self.rules & (2 * PAUSED_BIT - 1)) | (limit << LIMIT_AT)
    log HoldingLimitSet(limit=limit)


@external
def set_notary(account: address):
    """@notice The issuer names the settlement contract, once."""
    assert msg.sender == self.issuer, NOT_ISSUER
    assert account != empty(address), NO_ACCOUNT
    assert self.notary == empty(address), NOTARY_SET
    self.notary = account
    log NotaryNamed(notary=account)


@external
def hold(sender: address, receiver: address, amount: uint256) -> bool:
    """@notice The notary reserves units and the receiver's room; false, and nothing done, else."""
    assert msg.sender == self.notary, NOT_NOTARY
    if sender == receiver or receiver == empty(address) or amount > AMOUNT_MAX:
        return False
    rules: uint256 = self.rules
    giver: uint256 = self.accounts[sender]
    taker: uint256 = self.accounts[receiver]
    if rules & PAUSED_BIT != 0 or (giver | taker) >> FROZEN_AT != 0:
        return False
    if self._available(giver) < amount or not self._has_room(rules, taker, amount):
        return False
    if not staticcall IdentityRegistry(self._registry(rules)).are_verified(sender, receiver):
        return False
    self.accounts[sender] = giver + (amount << HELD_AT)
    self.accounts[receiver] = taker + (amount << INCOMING_AT)
    log HoldPlaced(sender=sender, receiver=receiver, amount=amount)
    return True


@external
def execute(sender: address, receiver: address, amount: uint256):
    """@notice The notary delivers what it holds; no rule is asked again."""
    assert msg.sender == self.notary, NOT_NOTARY
    giver: uint256 = self.accounts[sender]
    taker: uint256 = self.accounts[receiver]
    self._check_held(giver, taker, amount)
    self.accounts[sender] = giver - (amount << HELD_AT) - amount
    self.accounts[receiver] = taker - (amount << INCOMING_AT) + amount
    log HoldExecuted(sender=sender, receiver=receiver, amount=amount)
    log Transfer(sender=sender, receiver=receiver, amount=amount)


@external
def release(sender: address, receiver: address, amount: uint256):
    """@notice The notary gives back what it holds."""
    assert msg.sender == self.notary, NOT_NOTARY
    giver: uint256 = self.accounts[sender]
    taker: uint256 = self.accounts[receiver]
    self._check_held(giver, taker, amount)
    self.accounts[sender] = giver - (amount << HELD_AT)
    self.accounts[receiver] = taker - (amount << INCOMING_AT)
    log HoldReleased(sender=sender, receiver=receiver, amount=amount)


@internal
def _transfer(sender: address, receiver: address, amount: uint256):
    rules: uint256 = self.rules
    assert rules & PAUSED_BIT == 0, IS_PAUSED
    assert self.accounts[sender] >> FROZEN_AT == 0, IS_FROZEN
    assert self.accounts[receiver] >> FROZEN_AT == 0, IS_FROZEN
    self._check_receiver(rules, sender, receiver, amount)
    self._move(sender, receiver, amount)


@view
@internal
def _check_receiver(rules: uint256, other: address, receiver: address, amount: uint256):
    assert receiver != empty(address), NO_ACCOUNT
    assert amount <= AMOUNT_MAX, SUPPLY_LIMIT
    assert self._has_room(rules, self.accounts[receiver], amount), OVER_LIMIT
    registry: address = self._registry(rules)
    assert staticcall IdentityRegistry(registry).are_verified(other, receiver), NOT_VERIFIED


@internal
def _move(sender: address, receiver: address, amount: uint256):
    self._spend(sender, amount)
    self.accounts[receiver] += amount
    log Transfer(sender=sender, receiver=receiver, amount=amount)


@internal
def _spend(owner: address, amount: uint256):
    word: uint256 = self.accounts[owner]
    assert self._available(word) >= amount, NOT_AVAILABLE
    self.accounts[owner] = word - amount


@internal
def _set_frozen(account: address, is_frozen: bool):
    word: uint256 = (self.accounts[account] << 4) >> 4
    if is_frozen:
        word |= 1 << FROZEN_AT
    self.accounts[account] = word
    log AddressFrozen(account=account, is_frozen=is_frozen)


@pure
@internal
def _check_held(giver: uint256, taker: uint256, amount: uint256):
    assert (giver >> HELD_AT) & AMOUNT_MAX >= amount, NOT_HELD
    assert (taker >> INCOMING_AT) & AMOUNT_MAX >= amount, NOT_HELD


@pure
@internal
def _available(word: uint256) -> uint256:
    return (word & AMOUNT_MAX) - ((word >> HELD_AT) & AMOUNT_MAX)


@pure
@internal
def _has_room(rules: uint256, word: uint256, amount: uint256) -> bool:
    limit: uint256 = rules >> LIMIT_AT
    owned: uint256 = (word & AMOUNT_MAX) + ((word >> INCOMING_AT) & AMOUNT_MAX)
    return limit == 0 or owned + amount <= limit


@pure
@internal
def _registry(rules: uint256) -> address:
    return convert(rules & (PAUSED_BIT - 1), address)
