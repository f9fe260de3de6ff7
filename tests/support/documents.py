"""A small good scenario as text, and the same with one line changed."""

from bridge.errors import Faults, LockstepError
from bridge.testbed.scenario import Scenario
from bridge.testbed.scenario_file import parse_scenario

GOOD = """\
schema = 1
name = "small"
about = "One bond against sterling"
start = 2026-11-02T01:30:00Z

[chains]
shanghai = { chain_id = 310000 }
london = { chain_id = 440020, finality_lag = 2 }

[cash.tGBP]
name = "Tokenised sterling"
chain = "london"
currency = "GBP"
minor_units = 2

[securities.BOND]
name = "A bond"
chain = "shanghai"
isin = "CNLOCKSTEP16"
holding_limit = "1000"

[participants]
seller = { name = "Seller (fictional)" }
buyer = { name = "Buyer (fictional)", policy = "late", delay_s = 5 }
local = { name = "At home only (fictional)", chains = ["london"] }

[[positions]]
instrument = "BOND"
participant = "seller"
amount = "1000"

[[trades]]
uti = "LOCK00HUANGPU0000060DVP0001"
hub = "shanghai"
prepare_by_s = 30
decide_by_s = 60
expect = "aborted"
legs = [
  { chain = "shanghai", instrument = "BOND", from = "seller", to = "buyer", amount = "10" },
  { chain = "london", instrument = "tGBP", from = "buyer", to = "seller", amount = "1000.00" },
]
"""


def changed(*changes: tuple[str, str]) -> str:
    """The good scenario with the first occurrence of each text replaced."""
    text = GOOD
    for old, new in changes:
        assert old in text, f"the good scenario has no {old}"
        text = text.replace(old, new, 1)
    return text


def parsed(text: str) -> Scenario:
    """The scenario that a text says."""
    return parse_scenario(text.encode(), "small.toml")


def faults_of(content: str | bytes) -> tuple[LockstepError, ...]:
    """What is wrong with a text, in the order told; nothing for a good one."""
    raw = content.encode() if isinstance(content, str) else content
    try:
        parse_scenario(raw, "small.toml")
    except Faults as faults:
        return faults.faults
    except LockstepError as fault:
        return (fault,)
    return ()


def codes_of(content: str | bytes) -> list[str]:
    """The codes of what is wrong with a text."""
    return [fault.code for fault in faults_of(content)]
