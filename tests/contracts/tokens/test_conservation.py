"""Whatever people, the issuer and the notary do in any order: amounts are conserved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.bare_evm import Reverted
from tests.support.people import ALICE, BOB, CAROL, account, caller
from tests.support.token_issues import SUPPLY, Issue

PEOPLE = (ALICE, BOB, CAROL)
Step = tuple[str, str, str, int]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["transfer", "hold", "hold", "execute", "release", "mint", "burn", "take", "freeze"]
        ),
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        st.one_of(st.integers(0, SUPPLY), st.sampled_from([2**84 - 1, 2**128 - 1, 2**256 - 1])),
    ),
    max_size=25,
)


def take(issue: Issue, step: Step, holds: list[Step]) -> None:
    """One step; a hold is remembered with its amount so that it can be ended exactly."""
    kind, sender, receiver, amount = step
    match kind:
        case "hold":
            if sender != receiver and issue.hold(sender, receiver, amount):
                holds.append(step)
        case "execute" | "release" if holds:
            _, sender, receiver, amount = holds.pop()
            end: Callable[[str, str, int], object] = getattr(issue, kind)
            end(sender, receiver, amount)
        case "transfer":
            issue.transfer(sender, receiver, amount)
        case "mint":
            issue.mint(sender, amount)
        case "burn":
            issue.issuer("burn", account(sender), amount)
        case "take" if _is_security(issue):
            issue.issuer("forcedTransfer", account(sender), account(receiver), amount)
        case "freeze" if _is_security(issue):
            issue.issuer("setAddressFrozen", account(sender), amount % 2 == 1)
        case _:
            issue.token.transact("approve", account(receiver), amount, sender=caller(sender))


def _is_security(issue: Issue) -> bool:
    return issue.token.artifact.name == "security_token"


def check(issue: Issue, holds: Sequence[Step]) -> None:
    """Balances add up to the supply, holds to what is held, and a hold is always covered."""
    assert sum(map(issue.balance, PEOPLE)) == issue.supply
    for name in PEOPLE:
        held = issue.held(name)
        assert held == sum(amount for _, sender, _, amount in holds if sender == name)
        assert held <= issue.balance(name)
        assert issue.available(name) == issue.balance(name) - held
        if _is_security(issue):
            coming = sum(amount for _, _, receiver, amount in holds if receiver == name)
            assert issue.incoming(name) == coming


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_balances_add_up_to_the_supply_and_every_hold_is_covered(
    issue: Issue, steps: list[Step]
) -> None:
    with issue.token.evm.undone():
        holds: list[Step] = []
        for step in steps:
            with suppress(Reverted):
                take(issue, step, holds)
            check(issue, holds)
        for _, sender, receiver, amount in holds:
            issue.execute(sender, receiver, amount)
        check(issue, [])
