"""Look a run's directory over: is all of it there, does it agree, does it come out again.

Each finding says what is wrong and what to do. The relayer's outbox, a file that is kept elsewhere,
is compared with the chains of the run, or rebuilt from them when it is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bridge.doctor import WatchedChain, rebuild
from bridge.errors import LockstepError, OutboxFault
from bridge.journal import Journal
from bridge.journal_file import read_journal
from bridge.outbox import Entry, Outbox, State
from bridge.readmodel import ReadModel
from bridge.testbed.replay import Watch, begin, first_difference, steps
from bridge.testbed.summary import Summary
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import RELAYER

ENDED = (State.INCLUDED, State.FAILED)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``advice`` is empty when nothing has to be done."""

    part: str
    is_well: bool
    detail: str
    advice: str = ""


def check_up(run: Path, outbox: Path | None, engine: str, watch: Watch) -> Iterator[Finding]:
    """Everything there is to say about a run, in the order in which one thing needs another."""
    try:
        journal = read_journal(run)
    except LockstepError as error:
        yield _ill("journal", error, "nothing can be told of this run; run its scenario again")
        return
    yield Finding("journal", True, f"{len(journal)} events, {journal.sha256()}")
    yield _summary((run if run.is_dir() else run.parent) / "summary.json", journal)
    try:
        recorded, testbed = begin(run, engine)
    except LockstepError as error:
        yield _ill("scenario", error, "put back the scenario.toml that was run")
        return
    yield Finding("scenario", True, f"{testbed.world.scenario.name}, seed {testbed.world.seed}")
    for _ in steps(recorded, testbed):
        watch(testbed)
    yield _replayed(recorded, testbed)
    if outbox is not None:
        yield _outbox(outbox, testbed)


def _summary(file: Path, journal: Journal) -> Finding:
    part = "summary"
    if not file.is_file():
        return Finding(part, True, "none: the run was stopped, or only its journal is kept")
    advice = "believe the journal: `replay` checks it; run again with --out to write it anew"
    try:
        said = Summary.model_validate_json(file.read_bytes())
        model = ReadModel.of(journal)
        real = Summary.of(model, journal, engine=said.engine, wall_seconds=said.wall_seconds)
    except (ValidationError, ValueError) as error:
        reason = str(error).splitlines()[0]
        return Finding(part, False, f"summary.json cannot be read: {reason}", advice)
    except OSError as error:
        return Finding(part, False, f"summary.json cannot be read: {error.strerror}", advice)
    wrong = [k for k in Summary.model_fields if getattr(said, k) != getattr(real, k)]
    if wrong:
        return Finding(part, False, f"differs from the journal in {', '.join(wrong)}", advice)
    return Finding(part, True, "says what the journal says")


def _replayed(recorded: Journal, testbed: Testbed) -> Finding:
    found = first_difference(recorded, testbed.journal)
    if found is None or found.left is None:
        return Finding("replay", True, f"the same {len(recorded)} events again")
    detail = f"event {found.sequence} does not come out as it was recorded"
    advice = "`replay` shows it: the journal was edited, or this Lockstep is another"
    return Finding("replay", False, detail, advice)


def _outbox(file: Path, testbed: Testbed) -> Finding:
    """What the outbox has and the chains have; a missing file is made anew."""
    is_new = not file.exists()
    account = testbed.world.accounts[RELAYER].address
    deployed = testbed.deployment.chains
    chains = [WatchedChain(e, deployed[name]) for name, e in testbed.world.engines.items()]
    try:
        kept = Outbox(file)
        try:
            if is_new:
                count = rebuild(kept, account, chains)
                return Finding(
                    "outbox", True, f"was gone: rebuilt with {count} calls from the chains"
                )
            kept.bind(account, {c.deployed.chain_id: c.engine.genesis_hash for c in chains})
            entries = kept.entries()
        finally:
            kept.close()
        rebuild(true := Outbox(), account, chains)
    except OutboxFault as error:
        return _ill("outbox", error, "move the file away, then doctor rebuilds it")
    return _compared(entries, true.entries())


def _compared(kept: tuple[Entry, ...], on_chain: tuple[Entry, ...]) -> Finding:
    known = {entry.tx_hash: entry for entry in kept}
    missing = sum(entry.tx_hash not in known for entry in on_chain)
    wrong = sum(
        entry.raw != known[entry.tx_hash].raw
        or (known[entry.tx_hash].state in ENDED and known[entry.tx_hash].state is not entry.state)
        for entry in on_chain
        if entry.tx_hash in known
    )
    if missing or wrong:
        detail = f"{missing} calls on the chains are not in it, {wrong} are told otherwise"
        return Finding("outbox", False, detail, "move the file away, then doctor rebuilds it")
    return Finding("outbox", True, f"{len(kept)} calls, as the chains have them")


def _ill(part: str, error: LockstepError, advice: str) -> Finding:
    return Finding(part, False, str(error), advice)
