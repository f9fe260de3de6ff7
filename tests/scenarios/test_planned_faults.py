"""Faults, objections and cancellations in a file: what could not happen is refused in place."""

from __future__ import annotations

import time

import pytest

from bridge.testbed.fault_terms import Insolvency, RelayerSilence, Reorganisation
from bridge.testbed.fault_texts import FAULT_TERMS
from tests.support.documents import GOOD, faults_of, parsed

TRADE = "LOCK00HUANGPU0000060DVP0001"

GOOD_PLANS = [
    '[[faults]]\nkind = "relayer_restart"\nat_s = 3\ndown_for_s = 5',
    '[[faults]]\nkind = "relayer_silence"\nat_s = 3',
    '[[faults]]\nkind = "relayer_silence"\nat_s = 3\nfor_s = 1',
    '[[faults]]\nkind = "third_party"\nat_s = 3\nparticipant = "buyer"',
    '[[faults]]\nkind = "reorganisation"\nat_s = 3\nchain = "london"\ndepth = 2\ndrop = true',
    '[[faults]]\nkind = "rotation"\nat_s = 3\nchain = "london"',
    '[[faults]]\nkind = "freeze"\nat_s = 3\ninstrument = "BOND"\nparticipant = "buyer"',
    '[[faults]]\nkind = "insolvency"\nat_s = 3\nparticipant = "buyer"\nadministrator = "local"',
    f'[[objections]]\ntrade = "{TRADE}"\nchain = "london"\nat_s = 3',
    f'[[cancellations]]\ntrade = "{TRADE}"\nat_s = 3',
]

BAD_PLANS = [
    (0, "kind = ", "# ", "E-SCENARIO-MISSING-KEY"),
    (0, '"relayer_restart"', '"relayer_restrat"', "E-SCENARIO-CHOICE"),
    (0, '"relayer_restart"', "7", "E-SCENARIO-CHOICE"),
    (0, "at_s = 3", "at_s = -1", "E-SCENARIO-RANGE"),
    (0, "at_s = 3", "at_s = 86401", "E-SCENARIO-RANGE"),
    (0, "at_s = 3", "at_s = 3.5", "E-SCENARIO-TYPE"),
    (0, "at_s = 3", "at_s = true", "E-SCENARIO-TYPE"),
    (0, "at_s = 3", "", "E-SCENARIO-MISSING-KEY"),
    (0, "down_for_s", "down_fro_s", "E-SCENARIO-UNKNOWN-KEY"),
    (2, "for_s = 1", "for_s = 0", "E-SCENARIO-RANGE"),
    (3, '"buyer"', '"byuer"', "E-SCENARIO-UNKNOWN-PARTICIPANT"),
    (4, '"london"', '"lodnon"', "E-SCENARIO-UNKNOWN-CHAIN"),
    (4, '"london"', '"shanghai"', "E-SCENARIO-REORGANISATION"),
    (4, "depth = 2", "depth = 3", "E-SCENARIO-REORGANISATION"),
    (4, "depth = 2", "depth = 0", "E-SCENARIO-RANGE"),
    (4, "depth = 2", "depth = 65", "E-SCENARIO-RANGE"),
    (4, "drop = true", 'drop = "yes"', "E-SCENARIO-TYPE"),
    (5, '"london"', '"london"\nreplaced = 2', "E-SCENARIO-ROTATION"),
    (5, '"london"', '"london"\nreplaced = 0', "E-SCENARIO-RANGE"),
    (6, '"BOND"', '"tGBP"', "E-SCENARIO-FREEZE-CASH"),
    (6, '"BOND"', '"BNOD"', "E-SCENARIO-UNKNOWN-INSTRUMENT"),
    (6, '"buyer"', '"local"', "E-SCENARIO-PARTICIPANT-CHAIN"),
    (7, '"local"', '"buyer"', "E-SCENARIO-SAME-PARTY"),
    (7, '"local"', '"nobody"', "E-SCENARIO-UNKNOWN-PARTICIPANT"),
    (8, "DVP0001", "DVP0002", "E-SCENARIO-UNKNOWN-TRADE"),
    (8, '"london"', '"paris"', "E-SCENARIO-UNKNOWN-CHAIN"),
    (8, "at_s = 3", "at_s = 0", "E-SCENARIO-TOO-EARLY"),
    (9, "DVP0001", "", "E-SCENARIO-UNKNOWN-TRADE"),
    (9, "at_s = 3", "at_s = 0", "E-SCENARIO-TOO-EARLY"),
    (9, "at_s = 3", "at_s = 90000", "E-SCENARIO-RANGE"),
]


@pytest.mark.parametrize("plan", GOOD_PLANS, ids=lambda plan: plan.replace("\n", " ")[:60])
def test_a_good_plan_is_taken(plan: str) -> None:
    assert faults_of(f"{GOOD}\n{plan}\n") == ()


def test_every_kind_of_fault_is_among_the_good_ones() -> None:
    assert {kind for kind in FAULT_TERMS if f'"{kind}"' in "".join(GOOD_PLANS)} == set(FAULT_TERMS)


@pytest.mark.parametrize(("number", "old", "new", "code"), BAD_PLANS, ids=str)
def test_a_bad_plan_has_its_code_and_its_line(number: int, old: str, new: str, code: str) -> None:
    plan = GOOD_PLANS[number]
    assert old in plan
    started_s = time.process_time()
    (fault,) = faults_of(f"{GOOD}\n{plan.replace(old, new, 1)}\n")
    assert time.process_time() - started_s < 1
    assert fault.code == code
    assert fault.where.line is not None
    assert fault.where.line > GOOD.count("\n")
    assert "\n" not in str(fault)


@pytest.mark.parametrize(
    ("number", "old", "new", "hint"),
    [
        (0, "relayer_restart", "relayer_restrat", "did you mean relayer_restart?"),
        (0, "down_for_s", "down_s", "did you mean down_for_s?"),
        (8, "DVP0001", "DVP0011", f"did you mean {TRADE}?"),
        (3, "buyer", "byuer", "did you mean buyer?"),
    ],
)
def test_a_near_miss_in_a_plan_gets_a_hint(number: int, old: str, new: str, hint: str) -> None:
    (fault,) = faults_of(f"{GOOD}\n{GOOD_PLANS[number].replace(old, new, 1)}\n")
    assert fault.hint == hint


def test_the_key_of_a_fault_is_told_as_the_file_writes_it() -> None:
    (fault,) = faults_of(f"{GOOD}\n{GOOD_PLANS[4].replace('depth = 2', 'depth = 3')}\n")
    assert fault.where.key == "faults[0].depth"


def test_two_rotations_of_a_chain_in_one_second_are_refused_both() -> None:
    later = GOOD_PLANS[5].replace("at_s = 3", "at_s = 4")
    assert faults_of(f"{GOOD}\n{GOOD_PLANS[5]}\n{later}\n") == ()
    found = faults_of(f"{GOOD}\n{GOOD_PLANS[5]}\n{GOOD_PLANS[5]}\n")
    assert [fault.code for fault in found] == ["E-SCENARIO-ROTATION"] * 2


def test_two_third_parties_with_one_account_are_refused_both() -> None:
    other = GOOD_PLANS[3].replace('"buyer"', '"seller"')
    assert faults_of(f"{GOOD}\n{GOOD_PLANS[3]}\n{other}\n") == ()
    later = GOOD_PLANS[3].replace("at_s = 3", "at_s = 300")
    found = faults_of(f"{GOOD}\n{GOOD_PLANS[3]}\n{later}\n")
    assert [fault.code for fault in found] == ["E-SCENARIO-THIRD-PARTY-TWICE"] * 2
    assert [fault.where.key for fault in found] == [f"faults[{n}].participant" for n in (0, 1)]
    assert found[0].message == "'buyer' becomes a third party twice"
    assert "leave one out" in found[0].hint


def test_an_objection_is_made_where_the_trade_has_legs() -> None:
    three = GOOD.replace("[chains]", "[chains]\nzurich = { chain_id = 756005 }")
    (fault,) = faults_of(f"{three}\n{GOOD_PLANS[8].replace('london', 'zurich')}\n")
    assert fault.code == "E-SCENARIO-OBJECTION-CHAIN"
    assert fault.hint == "it has legs on shanghai, london"


def test_a_plan_of_no_table_is_refused() -> None:
    for section in ("faults", "objections", "cancellations"):
        (fault,) = faults_of(f"{section} = 3\n{GOOD}")
        assert fault.code == "E-SCENARIO-TYPE"
        (fault,) = faults_of(f"{section} = [3]\n{GOOD}")
        assert fault.code in ("E-SCENARIO-TYPE", "E-SCENARIO-RANGE")


def test_more_than_a_hundred_faults_are_too_many() -> None:
    plans = [GOOD_PLANS[1].replace("at_s = 3", f"at_s = {second}") for second in range(101)]
    assert faults_of("\n".join([GOOD, *plans[:100]])) == ()
    (fault,) = faults_of("\n".join([GOOD, *plans]))
    assert fault.code == "E-SCENARIO-RANGE"


def test_a_run_lasts_until_its_last_fault_has_passed() -> None:
    silence = GOOD_PLANS[2].replace("for_s = 1", "for_s = 500")
    scenario = parsed(f"{GOOD}\n{silence}\n{GOOD_PLANS[9]}\n")
    assert scenario.last_plan_s == 503
    assert scenario.time_limit_s == 503 + 60
    assert parsed(GOOD).last_plan_s == 0


def test_a_plan_is_read_as_it_is_written() -> None:
    scenario = parsed("\n".join([GOOD, GOOD_PLANS[4], GOOD_PLANS[7], GOOD_PLANS[1]]))
    reorganisation, insolvency, silence = scenario.faults
    assert isinstance(reorganisation, Reorganisation)
    assert (reorganisation.depth, reorganisation.drop) == (2, True)
    assert isinstance(insolvency, Insolvency)
    assert insolvency.administrator == "local"
    assert isinstance(silence, RelayerSilence)
    assert silence.for_s is None
