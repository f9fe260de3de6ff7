"""What the auditor remembers of one trade, as it is and folded.

Nothing of a trade may be forgotten: anybody can speak of it again at any time, and what then
contradicts what was said before must be found. So an old trade is folded, without loss, into the
few bytes that its numbers and addresses take.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.audit.facts import Verb
from bridge.audit.items import Item, as_bytes, as_list, as_number, read_list, write
from bridge.audit.words import ADDRESS_BYTES, Leg, Terms

UNKNOWN_TERMS = Terms((), 0, b"", 0, 0, b"")
VERBS = tuple(Verb)


@dataclass(slots=True)
class Track:
    """One trade; its terms are known once legs of it were held somewhere."""

    terms: Terms = UNKNOWN_TERMS
    said: dict[tuple[int, bytes], dict[int, int]] = field(default_factory=dict)
    """By chain and emitter: at which height each status was announced first."""
    taken: list[int] = field(default_factory=list)  # the chains on which its legs were held
    settled: dict[int, Verb] = field(default_factory=dict)  # by chain
    left_behind: dict[int, int] = field(default_factory=dict)  # undelivered legs by chain
    sides: list[Verb] = field(default_factory=list)  # what became of any leg anywhere, each once

    def heights(self, chain_id: int, emitter: bytes) -> dict[int, int]:
        """What somebody has announced of it, by status, with the height of the first time."""
        return self.said.get((chain_id, emitter), {})

    def legs_on(self, chain_id: int, mask: int = -1) -> list[Leg]:
        """Its legs on one chain, of those in ``mask``."""
        return legs_on(self.terms, chain_id, mask)


def legs_on(terms: Terms, chain_id: int, mask: int = -1) -> list[Leg]:
    """The legs on one chain, of those in ``mask``."""
    return [leg for i, leg in enumerate(terms.legs) if leg.chain_id == chain_id and mask >> i & 1]


def fold(track: Track) -> bytes:
    """All of a track in a few hundred bytes."""
    terms = track.terms
    return write(
        (
            tuple([_folded_leg(leg) for leg in terms.legs]),
            (
                _digits(terms.hub_chain_id),
                terms.hub,
                _digits(terms.prepare_by_s),
                _digits(terms.decide_by_s),
                terms.uti,
            ),
            tuple(
                [
                    (_digits(chain_id), emitter, _folded_numbers(heights))
                    for (chain_id, emitter), heights in track.said.items()
                ]
            ),
            tuple([_digits(chain_id) for chain_id in track.taken]),
            _folded_numbers({chain: VERBS.index(verb) for chain, verb in track.settled.items()}),
            _folded_numbers(track.left_behind),
            bytes([VERBS.index(verb) for verb in track.sides]),
        )
    )


def unfold(folded: bytes) -> Track:
    """What ``fold`` was given."""
    legs, terms, said, taken, settled, left_behind, sides = read_list(folded, "a trade")
    hub_chain_id, hub, prepare_by_s, decide_by_s, uti = as_list(terms, "its terms")
    return Track(
        Terms(
            tuple([_leg(leg) for leg in as_list(legs, "its legs")]),
            _number(hub_chain_id),
            as_bytes(hub, "its hub"),
            _number(prepare_by_s),
            _number(decide_by_s),
            as_bytes(uti, "its reference"),
        ),
        dict(_saying(saying) for saying in as_list(said, "what was said")),
        [_number(chain_id) for chain_id in as_list(taken, "where it was held")],
        {chain: VERBS[number] for chain, number in _numbers(settled).items()},
        _numbers(left_behind),
        [VERBS[number] for number in as_bytes(sides, "its sides")],
    )


def _folded_leg(leg: Leg) -> Item:
    addresses = leg.agent + leg.token + leg.sender + leg.receiver
    return _digits(leg.chain_id), addresses, _digits(leg.amount)


def _leg(item: Item) -> Leg:
    chain_id, addresses, amount = as_list(item, "a leg")
    joined = as_bytes(addresses, "its addresses", 4 * ADDRESS_BYTES)
    agent, token, sender, receiver = (
        joined[at : at + ADDRESS_BYTES] for at in range(0, len(joined), ADDRESS_BYTES)
    )
    return Leg(_number(chain_id), agent, token, sender, receiver, _number(amount))


def _saying(item: Item) -> tuple[tuple[int, bytes], dict[int, int]]:
    chain_id, emitter, heights = as_list(item, "a saying")
    return (_number(chain_id), as_bytes(emitter, "who said it")), _numbers(heights)


def _folded_numbers(numbers: dict[int, int]) -> Item:
    return tuple([_digits(number) for pair in numbers.items() for number in pair])


def _numbers(item: Item) -> dict[int, int]:
    flat = [_number(member) for member in as_list(item, "a table")]
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _digits(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _number(item: Item) -> int:
    return as_number(item, "a number")
