# pragma version ==0.4.3
"""
@title Cash token: ERC-20 money with holds (ERC-1996's earmark)
@license Apache-2.0
@notice Money on one chain, minted and burned by its issuer. The chain's notary may hold an amount:
        the holder stays the owner, but only the notary can deliver or give back what is held.
@dev balance (low 128 bits) and held (high 128 bits) of an account share one storage slot; the
     ledger of single holds lives with the notary. No immutables: agents serve tokens by code hash.
"""

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

BALANCE_MAX: constant(uint256) = 2**128 - 1

NOT_ISSUER: constant(String[32]) = "cash: only the issuer"
NOT_NOTARY: constant(String[32]) = "cash: only the notary"
NOTARY_SET: constant(String[32]) = "cash: the notary is named"
NO_ACCOUNT: constant(String[32]) = "cash: zero address"
NOT_AVAILABLE: constant(String[32]) = "cash: not enough available"
NOT_ALLOWED: constant(String[32]) = "cash: not enough allowed"
SUPPLY_LIMIT: constant(String[32]) = "cash: supply limit"
NOT_HELD: constant(String[32]) = "cash: not enough held"

name: public(String[64])
symbol: public(String[16])
decimals: public(uint8)
issuer: public(address)
authority: public(address)
notary: public(address)
totalSupply: public(uint256)
allowance: public(HashMap[address, HashMap[address, uint256]])
accounts: HashMap[address, uint256]


@deploy
def __init__(
    its_name: String[64],
    its_symbol: String[16],
    its_decimals: uint8,
    its_issuer: address,
    its_authority: address,
):
    assert its_issuer != empty(address) and its_authority != empty(address), NO_ACCOUNT
    self.name = its_name
    self.symbol = its_symbol
    self.decimals = its_decimals
    self.issuer = its_issuer
    self.authority = its_authority


@view
@external
def balanceOf(owner: address) -> uint256:
    """@notice What an account owns, held amounts included."""
    return self.accounts[owner] & BALANCE_MAX


@view
@external
def held_of(owner: address) -> uint256:
    """@notice What the notary holds of an account."""
    return self.accounts[owner] >> 128


@view
@external
def available_of(owner: address) -> uint256:
    """@notice What an account can still spend."""
    word: uint256 = self.accounts[owner]
    return (word & BALANCE_MAX) - (word >> 128)


@external
def transfer(receiver: address, amount: uint256) -> bool:
    """@notice Pay somebody from what is available."""
    self._transfer(msg.sender, receiver, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    """@notice Allow somebody to spend up to an amount."""
    assert spender != empty(address), NO_ACCOUNT
    self.allowance[msg.sender][spender] = amount
    log Approval(owner=msg.sender, spender=spender, amount=amount)
    return True


@external
def transferFrom(owner: address, receiver: address, amount: uint256) -> bool:
    """@notice Pay somebody from an account that allowed it."""
    allowed: uint256 = self.allowance[owner][msg.sender]
    assert allowed >= amount, NOT_ALLOWED
    self.allowance[owner][msg.sender] = allowed - amount
    log Approval(owner=owner, spender=msg.sender, amount=allowed - amount)
    self._transfer(owner, receiver, amount)
    return True


@external
def mint(receiver: address, amount: uint256):
    """@notice The issuer creates money."""
    assert msg.sender == self.issuer, NOT_ISSUER
    assert receiver != empty(address), NO_ACCOUNT
    supply: uint256 = self.totalSupply + amount
    assert supply <= BALANCE_MAX, SUPPLY_LIMIT
    self.totalSupply = supply
    self.accounts[receiver] += amount
    log Transfer(sender=empty(address), receiver=receiver, amount=amount)


@external
def burn(owner: address, amount: uint256):
    """@notice The issuer takes money that is not held out of existence."""
    assert msg.sender == self.issuer, NOT_ISSUER
    self._spend(owner, amount)
    self.totalSupply -= amount
    log Transfer(sender=owner, receiver=empty(address), amount=amount)


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
    """@notice The notary reserves an amount; false, and nothing done, when it is not available."""
    assert msg.sender == self.notary, NOT_NOTARY
    word: uint256 = self.accounts[sender]
    if receiver == empty(address) or (word & BALANCE_MAX) - (word >> 128) < amount:
        return False
    self.accounts[sender] = word + (amount << 128)
    log HoldPlaced(sender=sender, receiver=receiver, amount=amount)
    return True


@external
def execute(sender: address, receiver: address, amount: uint256):
    """@notice The notary delivers what it holds."""
    assert msg.sender == self.notary, NOT_NOTARY
    word: uint256 = self.accounts[sender]
    assert word >> 128 >= amount, NOT_HELD
    self.accounts[sender] = word - (amount << 128) - amount
    self.accounts[receiver] += amount
    log HoldExecuted(sender=sender, receiver=receiver, amount=amount)
    log Transfer(sender=sender, receiver=receiver, amount=amount)


@external
def release(sender: address, receiver: address, amount: uint256):
    """@notice The notary gives back what it holds."""
    assert msg.sender == self.notary, NOT_NOTARY
    word: uint256 = self.accounts[sender]
    assert word >> 128 >= amount, NOT_HELD
    self.accounts[sender] = word - (amount << 128)
    log HoldReleased(sender=sender, receiver=receiver, amount=amount)


@internal
def _transfer(sender: address, receiver: address, amount: uint256):
    assert receiver != empty(address), NO_ACCOUNT
    self._spend(sender, amount)
    self.accounts[receiver] += amount
    log Transfer(sender=sender, receiver=receiver, amount=amount)


@internal
def _spend(owner: address, amount: uint256):
    word: uint256 = self.accounts[owner]
    assert (word & BALANCE_MAX) - (word >> 128) >= amount, NOT_AVAILABLE
    self.accounts[owner] = word - amount
