# pragma version ==0.4.3
"""
@title Moody token: does whatever harm its test asks for, else behaves
@license Apache-2.0
"""

event CalledBack:
    is_done: bool

event Gas:
    left: uint256

HONEST: constant(uint256) = 0
REVERTS: constant(uint256) = 1
BURNS_ALL_GAS: constant(uint256) = 2
SAYS_NO: constant(uint256) = 3
ANSWERS_JUNK: constant(uint256) = 4
LIES: constant(uint256) = 5
REVERTS_AT_LENGTH: constant(uint256) = 6
CALLS_BACK: constant(uint256) = 7
TELLS_ITS_GAS: constant(uint256) = 8

SCRIPT_SIZE: constant(uint256) = 3072

MOODY: constant(String[32]) = "moody: not today"

authority: public(address)
balanceOf: public(HashMap[address, uint256])
held_of: public(HashMap[address, uint256])
script: address
target: address
on_hold: uint256
on_execute: uint256
on_release: uint256


@deploy
def __init__(its_authority: address):
    self.authority = its_authority


@external
def mint(owner: address, amount: uint256):
    self.balanceOf[owner] += amount


@external
def behave(on_hold: uint256, on_execute: uint256, on_release: uint256):
    self.on_hold = on_hold
    self.on_execute = on_execute
    self.on_release = on_release


@external
def set_authority(account: address):
    self.authority = account


@external
def plan(target: address, script: address):
    """
    @notice In the mood to call back, it calls the target with what stands as code at the script (padded).
    """
    self.target = target
    self.script = script


@external
def hold(sender: address, receiver: address, amount: uint256) -> uint256:
    mood: uint256 = self.on_hold
    if mood == LIES:
        return 1
    if mood == SAYS_NO:
        return 0
    if mood == ANSWERS_JUNK:
        return 2
    self._act(mood)
    if self.balanceOf[sender] - self.held_of[sender] < amount:
        return 0
    self.held_of[sender] += amount
    return 1


@external
def execute(sender: address, receiver: address, amount: uint256):
    self._act(self.on_execute)
    self.held_of[sender] -= amount
    self.balanceOf[sender] -= amount
    self.balanceOf[receiver] += amount


@external
def release(sender: address, receiver: address, amount: uint256):
    self._act(self.on_release)
    self.held_of[sender] -= amount


@internal
def _act(mood: uint256):
    assert mood != REVERTS, MOODY
    if mood == BURNS_ALL_GAS:
        raise UNREACHABLE
    if mood == REVERTS_AT_LENGTH:
        self._revert_at_length()
    if mood == CALLS_BACK:
        self._call_back()
    if mood == TELLS_ITS_GAS:
        log Gas(left=msg.gas)


@internal
def _call_back():
    message: Bytes[SCRIPT_SIZE] = slice(self.script.code, 0, SCRIPT_SIZE)
    log CalledBack(is_done=raw_call(self.target, message, revert_on_failure=False))


@internal
def _revert_at_length():
    words: uint256[256] = empty(uint256[256])
    raw_revert(abi_encode(words))
