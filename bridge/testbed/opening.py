"""The opening of a run: what it is about, every contract deployed, every position minted.

All of it happens before virtual time zero, in blocks that are dated earlier.
"""

from __future__ import annotations

from collections.abc import Iterator

from bridge import events
from bridge.deployed import Deployment
from bridge.errors import InternalError
from bridge.testbed import deployment as deploying
from bridge.testbed.chronicle import Chronicle
from bridge.testbed.desk import Desk
from bridge.testbed.scenario import Cash, Scenario, Security
from bridge.testbed.world import SETUP_SPAN_S, World
from chains.engine import Receipt
from chains.keys import keccak

PROTOCOL = "hold_decide"


def open_run(world: World, deployment: Deployment, desk: Desk, chronicle: Chronicle) -> None:
    """Journal the run's facts and set up every chain. Raises InternalError when a step fails."""
    chronicle.note(_run_started(world))
    for event in _instruments(world.scenario):
        chronicle.note(event)
    for chain in world.engines:
        _set_up(chain, world, deployment, desk, chronicle)
    chronicle.positions(events.When.OPENING)


def _set_up(
    chain: str, world: World, deployment: Deployment, desk: Desk, chronicle: Chronicle
) -> None:
    steps: dict[bytes, deploying.Step] = {}
    for step in deploying.steps(world, deployment, chain):
        slip = desk.send(
            chain, step.account, step.sender, step.purpose, step.to, step.data, step.gas_limit
        )
        steps[slip.tx_hash] = step
        chronicle.note(slip.submitted)
    timestamp_s = world.scenario.start_s - SETUP_SPAN_S
    while desk.in_flight:
        timestamp_s += 1
        for receipt in chronicle.produced(chain, world.engines[chain].produce_block(timestamp_s)):
            _check(chain, steps[receipt.tx_hash], receipt, world, chronicle)


def _check(
    chain: str, step: deploying.Step, receipt: Receipt, world: World, chronicle: Chronicle
) -> None:
    if not receipt.is_success:
        raise InternalError(
            "E-INTERNAL-SETUP", f"{chain}: {step.contract or step.purpose.value} failed"
        )
    if receipt.contract_address is not None:
        code_hash = keccak(world.engines[chain].code(receipt.contract_address))
        chronicle.note(
            events.ContractDeployed(chain, step.contract, receipt.contract_address, code_hash)
        )


def _run_started(world: World) -> events.RunStarted:
    return events.RunStarted(
        scenario=world.scenario.name,
        scenario_sha256=world.scenario.sha256(),
        seed=world.seed,
        protocol=PROTOCOL,
        epoch_s=world.scenario.start_s,
        chains=tuple(
            events.ChainFacts(name, world.chain_id(name), engine.genesis_hash)
            for name, engine in world.engines.items()
        ),
    )


def _instruments(scenario: Scenario) -> Iterator[events.InstrumentListed]:
    for code, item in scenario.instruments.items():
        match item:
            case Cash():
                kind, identifier = events.Kind.CASH, item.currency
            case Security():
                kind, identifier = events.Kind.SECURITY, item.isin
        yield events.InstrumentListed(code, item.chain, kind, identifier, item.minor_units)
