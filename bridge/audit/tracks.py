"""What the auditor remembers of one trade, as it is and folded.

Nothing of a trade may be forgotten: anybody can speak of it again at any time, and what then
contradicts what was said before must be found. So an old trade is folded, without loss, into the
few bytes that its numbers and addresses take. The bytes never leave this process.
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass, field
from typing import Final

from bridge.audit.facts import Verb
from bridge.audit.words import Leg, Terms

UNKNOWN_TERMS = Terms((), 0, b"", 0, 0, b"")
VERBS = tuple(Verb)
PLAIN: Final = 2
"""The marshal format that looks for no object twice: no two here are the same."""


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
    """All of a track in some hundred bytes, read by nobody but ``unfold``."""
    legs, *other_terms = track.terms
    return marshal.dumps(
        (
            [tuple(leg) for leg in legs],
            other_terms,
            track.said,
            track.taken,
            {chain: VERBS.index(verb) for chain, verb in track.settled.items()},
            track.left_behind,
            [VERBS.index(verb) for verb in track.sides],
        ),
        PLAIN,
    )


def unfold(folded: bytes) -> Track:
    """What ``fold`` was given."""
    legs, other_terms, said, taken, settled, left_behind, sides = marshal.loads(folded)
    return Track(
        Terms(tuple([Leg(*leg) for leg in legs]), *other_terms),
        said,
        taken,
        {chain: VERBS[number] for chain, number in settled.items()},
        left_behind,
        [VERBS[number] for number in sides],
    )
