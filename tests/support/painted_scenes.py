"""Moments to paint: the usual one, and the awkward ones."""

from __future__ import annotations

from gui.models.scene import (
    Actor,
    BlockTile,
    FinalityMarker,
    LaneScene,
    LegTrack,
    Message,
    NetworkScene,
    PacketInFlight,
    RelayerScene,
    SequenceScene,
    StepState,
)

PENDING, IN_FLIGHT = StepState.PENDING, StepState.IN_FLIGHT
HELD, SETTLED, FAILED = StepState.HELD, StepState.SETTLED, StepState.FAILED

CHAINS = ("shanghai", "london", "frankfurt")
LEG_WORDS = ("Instructed", "Held", "Proven", "Decided", "Delivered")
PARTIES = (
    "Huangpu Trust",
    "Thames AM",
    "Suzhou Industrial Securities Clearing and Custody Company",
    "Fleet",
    "Bund Fund",
    "Albion Life",
    "City Gilt Desk",
    "Pudong",
)


def lane(
    index: int, blocks: int, final: int | None = None, ghosts: tuple[int, ...] = ()
) -> LaneScene:
    """A chain of some blocks, the first ``final`` of them final, those in ``ghosts`` undone."""
    chain = CHAINS[index]
    sealed = blocks if final is None else final
    tiles = []
    for height in range(1, blocks + 1):
        digest = f"{(height * 2654435761 + index * 977) % 2**32:08x}"
        if height in ghosts:
            tiles.append(BlockTile(chain, height, digest[::-1], 2, False, is_ghost=True))
        transactions = (height * (index + 3)) % 7
        tiles.append(BlockTile(chain, height, digest, transactions, height <= sealed))
    subtitle = "securities and cash" if index else "decides"
    return LaneScene(chain, chain.title(), subtitle, blocks, index, tuple(tiles))


def packet(
    source: int = 0, destination: int = 1, progress: float = 0.5, label: str = "HELD DVP0001"
) -> PacketInFlight:
    """A packet between two chains by their places."""
    return PacketInFlight(CHAINS[source], CHAINS[destination], label, progress, (f"id-{label}",))


def network(
    *lanes: LaneScene, packets: tuple[PacketInFlight, ...] = (), word: str = "running"
) -> NetworkScene:
    """Some chains with a relayer at work between them."""
    state = SETTLED if word == "running" else FAILED
    relayer = RelayerScene(word, state, len(packets), 116, 2)
    return NetworkScene(lanes, relayer, packets)


def usual_network() -> NetworkScene:
    """Two chains, one with a finality lag and a reorganisation behind it, two packets between."""
    packets = (packet(0, 1, 0.45), packet(1, 0, 0.6, "COMMITTED DVP0002"))
    return network(lane(0, 21, final=17, ghosts=(19,)), lane(1, 22), packets=packets)


def track(index: int, done: int, state: StepState = IN_FLIGHT) -> LegTrack:
    """A leg with ``done`` settled steps and the next one in ``state``."""
    states = [SETTLED] * done + [state] + [PENDING] * len(LEG_WORDS)
    kind = ("Delivery leg", "Payment leg")[index % 2]
    what = ("20,000 SHGB29", "220,994.48 tGBP")[index % 2]
    hue = index % 3
    steps = tuple(zip(LEG_WORDS, states, strict=False))
    return LegTrack(kind, what, CHAINS[hue], hue, steps)


def usual_tracks() -> tuple[LegTrack, ...]:
    """The two legs of a DvP under way."""
    return track(0, 2), track(1, 1, HELD)


def actors(parties: int = 2, chains: int = 2) -> tuple[Actor, ...]:
    """Parties at both ends, chains and the relayer between them."""
    people = [Actor(f"p{n}", PARTIES[n], "party") for n in range(parties)]
    ledgers = [Actor(CHAINS[n], CHAINS[n].title(), "chain", n) for n in range(chains)]
    relayer = Actor("relayer", "Relayer", "untrusted courier")
    half = (parties + 1) // 2
    return (*people[:half], ledgers[0], relayer, *ledgers[1:], *people[half:])


def usual_sequence() -> SequenceScene:
    """A DvP that is decided, with its delivery on the other chain still to come."""
    told = (
        (0, "6.2 s", "p0", "shanghai", "sign", SETTLED),
        (0, "6.2 s", "p1", "london", "sign", SETTLED),
        (1, "7.0 s", "london", "london", "hold 220,994.48 tGBP", HELD),
        (1, "7.0 s", "shanghai", "shanghai", "hold 20,000 SHGB29", SETTLED),
        (2, "7.4 s", "shanghai", "relayer", "HELD, block 8, receipt proof and header", SETTLED),
        (3, "7.6 s", "relayer", "london", "prove", SETTLED),
        (4, "8.0 s", "london", "london", "commit", SETTLED),
        (5, "8.0 s", "london", "p1", "execute 220,994.48 tGBP", SETTLED),
        (6, "8.4 s", "london", "relayer", "COMMITTED, block 9", IN_FLIGHT),
        (7, "", "relayer", "shanghai", "prove", PENDING),
        (8, "", "shanghai", "p0", "execute 20,000 SHGB29", PENDING),
    )
    line = "Point of settlement finality: decided on London, block 9, irrevocable"
    messages = tuple(Message(*fields) for fields in told)
    return SequenceScene(actors(), messages, FinalityMarker(4, line, SETTLED))


def long_sequence(parties: int = 8, chains: int = 3, rows: int = 40) -> SequenceScene:
    """A netted cycle: many lifelines and many rows."""
    people = actors(parties, chains)
    keys = [actor.key for actor in people]
    messages = tuple(
        Message(
            row,
            f"{row * 0.4 + 6:.1f} s" if row < rows - 8 else "",
            keys[row % len(keys)],
            keys[(row * 5 + 3) % len(keys)],
            f"message number {row} with a text that is rather long for one column",
            SETTLED if row < rows - 10 else (FAILED if row < rows - 8 else PENDING),
        )
        for row in range(rows)
    )
    marker = FinalityMarker(rows // 2, "Point of settlement finality: aborted", FAILED)
    return SequenceScene(people, messages, marker)
