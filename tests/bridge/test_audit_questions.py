"""What contracts answer in one message is what each would answer alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bridge.audit.questions import AT_ONCE, Question, ask
from chains.engine import Call, CallReverted, ChainError, Height
from chains.ledger import Ledger
from chains.pyevm import PyEvmEngine
from chains.revm import RevmEngine
from tests.conformance.probe import Driver, calldata, config

EATER = "fe"  # consumes all gas it is given
TWO_WORDS = "60406000f3"
HALF_A_WORD = "60106000f3"
DIGEST = "365f5f37365f203001" + "5f5260205ff3"  # of who was asked what
NOBODY = b"\x99" * 20
ANSWERED = ["now()", "height()", "chain()", "parent()", "stored()"]


@dataclass
class Asked:
    """A chain that counts what it is asked."""

    engine: Ledger
    calls: list[Call] = field(default_factory=list)

    def call(self, call: Call, at: Height | None = None) -> bytes:
        self.calls.append(call)
        return self.engine.call(call, at)


@pytest.fixture(params=[RevmEngine, PyEvmEngine], ids=["revm", "pyevm"])
def chain(request: pytest.FixtureRequest) -> Driver:
    return Driver(request.param(config()))


@pytest.fixture
def asked(chain: Driver) -> Asked:
    assert isinstance(chain.engine, Ledger)
    return Asked(chain.engine)


@pytest.fixture
def probe(chain: Driver) -> bytes:
    address = chain.deploy()
    chain.send(address, calldata("store(uint256)", 7))
    chain.block()
    return address


def alone(asked: Asked, questions: list[Question], at: Height) -> list[int | None]:
    return [answer for question in questions for answer in ask(asked, [question], at)]


def runtime(chain: Driver, code: str) -> bytes:
    size = len(code) // 2
    return chain.deploy(bytes.fromhex(f"60{size:02x}80600b6000396000f3{code}"))


def test_many_answers_come_in_one_message(chain: Driver, asked: Asked, probe: bytes) -> None:
    questions = [Question(probe, calldata(signature)) for signature in ANSWERED]
    answers = ask(asked, questions, chain.engine.latest)
    assert len(asked.calls) == 1
    assert answers[1:3] + answers[4:] == [chain.engine.latest, chain.engine.chain_id, 7]
    assert answers == alone(asked, questions, chain.engine.latest)


def test_answers_are_those_after_the_block_asked_for(
    chain: Driver, asked: Asked, probe: bytes
) -> None:
    before = Height(chain.engine.latest - 1)
    questions = [Question(probe, calldata(signature)) for signature in ("height()", "stored()")]
    assert ask(asked, questions, before) == [before, 0]
    assert ask(asked, questions, chain.engine.latest) == [before + 1, 7]


@pytest.mark.parametrize(
    "spoiler",
    [
        lambda chain, probe: Question(probe, calldata("refuse()")),
        lambda chain, probe: Question(probe, calldata("unheard_of()")),
        lambda chain, probe: Question(NOBODY, calldata("stored()")),
        lambda chain, probe: Question(runtime(chain, EATER), b""),
        lambda chain, probe: Question(runtime(chain, TWO_WORDS), b"\x01"),
        lambda chain, probe: Question(runtime(chain, HALF_A_WORD), b"\x02" * 36),
    ],
    ids=["reverts", "has no such function", "is nobody", "eats gas", "says more", "says less"],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_who_has_no_answer_spoils_none_of_another(
    chain: Driver,
    asked: Asked,
    probe: bytes,
    spoiler: Callable[[Driver, bytes], Question],
    place: int,
) -> None:
    questions = [Question(probe, calldata(signature)) for signature in ("chain()", "stored()")]
    expected: list[int | None] = [chain.engine.chain_id, 7]
    questions.insert(place, spoiler(chain, probe))
    expected.insert(place, None)
    assert ask(asked, questions, chain.engine.latest) == expected


def test_what_questions_share_confuses_none_of_them(chain: Driver, asked: Asked) -> None:
    one, other = runtime(chain, DIGEST), runtime(chain, DIGEST)
    said = [b"", b"\x01", b"\x02" * 4, b"\x02" * 36, b"\x02" * 4 + b"\x03" * 32, b"\x04" * 36]
    questions = [
        Question(contract, calldata)
        for first in said
        for second in said
        for contract, calldata in ((one, first), (one, second), (other, second), (one, first))
    ]
    answers = ask(asked, questions, chain.engine.latest)
    assert len(asked.calls) == 1
    assert answers == alone(asked, questions, chain.engine.latest)
    assert len(set(answers)) == len(set(questions))


def test_asking_changes_nothing(chain: Driver, asked: Asked, probe: bytes) -> None:
    before = asked.engine.block(asked.engine.latest).state_root
    ask(asked, [Question(probe, calldata("stored()"))] * 3, chain.engine.latest)
    assert chain.block().state_root == before


def test_more_questions_than_one_message_holds_take_several(
    chain: Driver, asked: Asked, probe: bytes
) -> None:
    questions = [Question(probe, calldata("chain()"))] * (2 * AT_ONCE + 1)
    assert ask(asked, questions, chain.engine.latest) == [chain.engine.chain_id] * len(questions)
    assert len(asked.calls) == 3


def test_one_question_is_put_as_it_is(chain: Driver, asked: Asked, probe: bytes) -> None:
    ask(asked, [Question(probe, calldata("stored()"))], chain.engine.latest)
    assert asked.calls == [Call(to=probe, data=calldata("stored()"))]
    assert ask(asked, [], chain.engine.latest) == []


@pytest.mark.parametrize(
    "answer", [b"", b"\x01" * 32, ChainError("no"), CallReverted("no", b"\x01" * 63)]
)
def test_a_reader_that_cannot_put_many_at_once_is_asked_one_by_one(
    answer: bytes | ChainError,
) -> None:
    class OneByOne:
        def call(self, call: Call, at: Height | None = None) -> bytes:
            if call.to is not None:
                return call.data.rjust(32, b"\x00")
            if isinstance(answer, ChainError):
                raise answer
            return answer

    questions = [Question(NOBODY, bytes([number])) for number in (1, 2)]
    assert ask(OneByOne(), questions, Height(1)) == [1, 2]
