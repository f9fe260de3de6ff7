"""What a user is told, and how."""

import ast
import pickle
from pathlib import Path

import pytest

from bridge import errors
from bridge.errors import (
    AmountError,
    EngineUnavailable,
    EnvironmentFault,
    ExitCode,
    FaultCollector,
    Faults,
    IdentifierError,
    InputError,
    LockstepError,
    ScenarioError,
    UsageError,
    Where,
    quoted,
)

AN_ERROR = ScenarioError(
    "E-SCENARIO-UNKNOWN-KEY",
    "'legz' is not a key of a trade",
    Where(file="dvp.toml", line=7, column=3, key="trades[0].legz"),
    "did you mean 'legs'?",
)


def subclasses(of: type[LockstepError]) -> list[type[LockstepError]]:
    return [found for child in of.__subclasses__() for found in (child, *subclasses(child))]


def test_an_error_is_told_in_one_line_with_place_hint_and_code() -> None:
    assert str(AN_ERROR) == (
        "dvp.toml:7:3: trades[0].legz: 'legz' is not a key of a trade"
        " (did you mean 'legs'?) [E-SCENARIO-UNKNOWN-KEY]"
    )


def test_an_error_without_place_or_hint_has_no_empty_brackets() -> None:
    error = UsageError("E-USAGE-SEED", "a seed is a whole number")
    assert str(error) == "a seed is a whole number [E-USAGE-SEED]"


def test_an_error_says_the_same_as_data() -> None:
    assert AN_ERROR.as_dict() == {
        "code": "E-SCENARIO-UNKNOWN-KEY",
        "message": "'legz' is not a key of a trade",
        "file": "dvp.toml",
        "line": 7,
        "column": 3,
        "key": "trades[0].legz",
        "hint": "did you mean 'legs'?",
    }


def test_a_code_of_another_branch_is_refused() -> None:
    with pytest.raises(ValueError, match="not a code of AmountError"):
        AmountError("E-SCENARIO-UNKNOWN-KEY", "one code, two meanings")


def test_a_code_below_its_own_branch_is_accepted() -> None:
    error = EngineUnavailable("E-ENVIRONMENT-ENGINE-NONE", "there is no engine 'geth'")
    assert isinstance(error, EnvironmentFault)
    assert error.exit_code == ExitCode.ENVIRONMENT


@pytest.mark.parametrize("error", [AN_ERROR, Faults((AN_ERROR,))])
def test_an_error_survives_the_way_between_two_processes(error: LockstepError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)


def test_all_faults_are_told_at_once() -> None:
    collector = FaultCollector()
    for text in ("a", "b"):
        with collector.collecting(Where(key=text)):
            raise AmountError("E-AMOUNT-FORM", f"{text} is not an amount")
    with pytest.raises(Faults) as caught:
        collector.raise_any()
    assert [fault.where.key for fault in caught.value.faults] == ["a", "b"]
    assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]


def test_a_single_fault_is_raised_as_it_is() -> None:
    collector = FaultCollector()
    with collector.collecting():
        raise AN_ERROR
    with pytest.raises(ScenarioError) as caught:
        collector.raise_any()
    assert caught.value is AN_ERROR


def test_no_fault_raises_nothing() -> None:
    collector = FaultCollector()
    with collector.collecting():
        pass
    collector.raise_any()


def test_faults_within_faults_are_taken_apart_and_placed() -> None:
    placeless = AmountError("E-AMOUNT-FORM", "'x' is not an amount")
    collector = FaultCollector()
    with collector.collecting(Where(key="trades[1]")):
        raise Faults((AN_ERROR, placeless))
    with pytest.raises(Faults) as caught:
        collector.raise_any()
    assert [fault.where.key for fault in caught.value.faults] == ["trades[0].legz", "trades[1]"]


def test_a_mistake_of_ours_is_not_collected_as_a_fault() -> None:
    collector = FaultCollector()
    with pytest.raises(ZeroDivisionError), collector.collecting():
        raise ZeroDivisionError


def test_several_faults_exit_with_the_gravest() -> None:
    usage = UsageError("E-USAGE-SEED", "a seed is a whole number")
    isin = IdentifierError("E-IDENTIFIER-ISIN", "not an ISIN")
    assert Faults((usage, isin)).exit_code == ExitCode.BAD_INPUT
    assert Faults((usage,)).exit_code == ExitCode.USAGE
    internal = errors.InternalError("E-INTERNAL-BUG", "should not be")
    assert Faults((internal, usage)).exit_code == ExitCode.INTERNAL


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = {
        line.strip("|` -").split()[0]
        for line in (errors.__doc__ or "").splitlines()
        if "|--" in line or "`--" in line
    }
    ours = [kind for kind in subclasses(LockstepError) if kind.__module__ == errors.__name__]
    assert drawn == {kind.__name__ for kind in ours}


@pytest.mark.parametrize("kind", [InputError, *subclasses(InputError)])
def test_bad_input_never_looks_like_success_or_like_our_mistake(kind: type[InputError]) -> None:
    assert kind.exit_code in (ExitCode.BAD_INPUT, ExitCode.USAGE)


def test_no_two_branches_share_a_code_prefix() -> None:
    prefixes = [kind.prefix for kind in subclasses(LockstepError) if kind.prefix != "E-"]
    assert len(prefixes) == len(set(prefixes))


def test_user_text_cannot_break_a_line_or_turn_it_round() -> None:
    assert quoted("a\nb\x1b[2J\u202e") == r"'a\nb\x1b[2J\u202e'"
    assert quoted("伦敦") == "'伦敦'"
    assert len(quoted("x" * 10_000)) < 80


def test_error_codes_are_never_put_together_so_that_they_can_be_searched_for() -> None:
    kinds = {kind.__name__ for kind in subclasses(LockstepError)} - {"Faults"}
    for path in sorted(Path(errors.__file__).parent.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
        ours = {a.name for node in imports if node.module == "bridge.errors" for a in node.names}
        for node in nodes:
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in kinds & ours:
                is_whole = isinstance(node.args[0], ast.Constant | ast.Name)
                assert is_whole, f"{path.name}:{node.lineno}"
