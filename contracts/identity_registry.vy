# pragma version ==0.4.3
"""
@title Identity registry: who may hold a security (subset of ERC-3643)
@license Apache-2.0
@notice The registrar records verified accounts with the country of their owner.
"""

event IdentityRegistered:
    account: indexed(address)
    country: uint256

event IdentityRemoved:
    account: indexed(address)

NOT_REGISTRAR: constant(String[32]) = "identity: only the registrar"
NO_COUNTRY: constant(String[32]) = "identity: no country"
ZERO_ACCOUNT: constant(String[32]) = "identity: zero address"
UNREGISTERED: constant(String[32]) = "identity: not registered"

COUNTRY_MAX: constant(uint256) = 999

registrar: public(address)
country_of: public(HashMap[address, uint256])


@deploy
def __init__(its_registrar: address):
    assert its_registrar != empty(address), ZERO_ACCOUNT
    self.registrar = its_registrar


@external
def register(account: address, country: uint256):
    """@notice The registrar records a verified account, with its ISO 3166-1 numeric country."""
    assert msg.sender == self.registrar, NOT_REGISTRAR
    assert account != empty(address), ZERO_ACCOUNT
    assert country > 0 and country <= COUNTRY_MAX, NO_COUNTRY
    self.country_of[account] = country
    log IdentityRegistered(account=account, country=country)


@external
def remove(account: address):
    """@notice The registrar takes an account's verification away."""
    assert msg.sender == self.registrar, NOT_REGISTRAR
    assert self.country_of[account] != 0, UNREGISTERED
    self.country_of[account] = 0
    log IdentityRemoved(account=account)


@view
@external
def is_verified(account: address) -> bool:
    """@notice Whether an account is verified."""
    return self.country_of[account] != 0


@view
@external
def are_verified(first: address, second: address) -> bool:
    """@notice Whether both accounts are verified, in one call."""
    return self.country_of[first] != 0 and self.country_of[second] != 0
