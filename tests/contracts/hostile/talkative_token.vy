# pragma version ==0.4.3
"""
@title Talkative token: answers every call at great length
@license Apache-2.0
"""

authority: public(address)
first_word: uint256
holds: public(uint256)


@deploy
def __init__(its_authority: address, first_word: uint256):
    self.authority = its_authority
    self.first_word = first_word


@external
def hold(sender: address, receiver: address, amount: uint256) -> uint256[512]:
    self.holds += 1
    return self._answer()


@external
def execute(sender: address, receiver: address, amount: uint256) -> uint256[512]:
    self.holds -= 1
    return self._answer()


@external
def release(sender: address, receiver: address, amount: uint256) -> uint256[512]:
    self.holds -= 1
    return self._answer()


@view
@internal
def _answer() -> uint256[512]:
    answer: uint256[512] = empty(uint256[512])
    answer[0] = self.first_word
    return answer
