"""The rules of one Vyper file; each is a function from a source to what breaks it.

The compiler has annotated the tree, so a rule can ask for the type of an expression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vyper.ast import nodes
from vyper.semantics.types import DArrayT
from vyper.semantics.types.function import ContractFunctionT, MemberFunctionT
from vyper.semantics.types.primitives import _PrimT

from contracts.lint_source import Finding, Source

Rule = Callable[[Source], Iterator[Finding]]

REASON_TYPE = "String[32]"
UNREACHABLE = "unreachable"
BANNED_CALLS = frozenset(
    {"create_from_blueprint", "raw_create", "raw_log", "raw_revert", "sqrt", "selfdestruct"}
)
BANNED_DECORATORS = frozenset({"raw_return"})
CALLS = (nodes.Call, nodes.ExtCall, nodes.StaticCall)


@dataclass(frozen=True, slots=True)
class Reason:
    """A named constant that says why a call reverts."""

    name: str
    text: str
    line: int


def ternaries(source: Source) -> Iterator[Finding]:
    """A conditional expression is two scalars of one type and nothing the compiler mistakes."""
    for node in source.tree.get_descendants(nodes.IfExp):
        arms = [arm._metadata.get("type") for arm in (node.body, node.orelse)]
        if not all(isinstance(arm, _PrimT) for arm in arms):
            yield source.finding(node, "ternary", "arms of a conditional must be scalars")
        elif arms[0] != arms[1]:
            yield source.finding(node, "ternary", "arms of a conditional must be of one type")
        elif any(map(_is_mistaken, node.get_descendants())):
            message = "no msg.value, msg.data or '|' in a conditional expression"
            yield source.finding(node, "ternary", message)


def _is_mistaken(node: nodes.VyperNode) -> bool:
    if isinstance(node, nodes.Attribute):
        return node.node_source_code in {"msg.value", "msg.data"}
    return isinstance(node, nodes.BitOr)


def banned_calls(source: Source) -> Iterator[Finding]:
    """Builtins with open faults, and those that hide a log or a revert from its reader."""
    for node in source.tree.get_descendants(nodes.Call):
        name = str(getattr(node.func, "id", getattr(node.func, "attr", "")))
        if name in BANNED_CALLS:
            yield source.finding(node, "banned", f"{name} may not be used")
        elif name == "raw_call":
            yield source.finding(node, "raw-call", "raw_call needs a listed reason")
    for function in source.tree.get_children(nodes.FunctionDef):
        for decorator in function.decorator_list:
            if getattr(decorator, "id", "") in BANNED_DECORATORS:
                yield source.finding(decorator, "banned", f"@{decorator.id} may not be used")


def augmented_elements(source: Source) -> Iterator[Finding]:
    """``array[i] += f()``: where the right side moves the array, the left side writes past it."""
    for node in source.tree.get_descendants(nodes.AugAssign):
        indexed = node.target.get_descendants(nodes.Subscript, include_self=True)
        in_array = any(isinstance(_type_of(part.value), DArrayT) for part in indexed)
        if in_array and node.value.get_descendants(CALLS, include_self=True):
            message = "no call on the right of an augmented assignment to an array element"
            yield source.finding(node, "augmented", message)


def side_effects(source: Source) -> Iterator[Finding]:
    """The arguments of slice and concat may be evaluated more than once, or not at all."""
    for node in source.tree.get_descendants(nodes.Call):
        if getattr(node.func, "id", "") not in {"slice", "concat"}:
            continue
        for argument in node.args:
            if any(map(_changes_state, argument.get_descendants(CALLS, include_self=True))):
                message = f"no call that changes state inside {node.func.id}"
                yield source.finding(node, "side-effect", message)


def _changes_state(call: nodes.VyperNode) -> bool:
    if isinstance(call, nodes.ExtCall):
        return True
    kind = _type_of(getattr(call, "func", call))
    match kind:
        case ContractFunctionT():
            return bool(kind.is_mutable)
        case MemberFunctionT():
            return bool(kind.is_modifying)
        case _:
            return False


def named_reasons(source: Source) -> Iterator[Finding]:
    """Every assert and raise names a reason constant, so each revert has one readable cause."""
    for node in source.tree.get_descendants((nodes.Assert, nodes.Raise)):
        said = node.msg if isinstance(node, nodes.Assert) else node.exc
        name = getattr(said, "id", getattr(said, "attr", ""))
        if name == "UNREACHABLE":
            yield source.finding(node, UNREACHABLE, "UNREACHABLE needs a listed reason")
        elif not (name and said.has_folded_value and str(_type_of(said)) == REASON_TYPE):
            yield source.finding(node, "reason", f"name a constant({REASON_TYPE})")


def reason_texts(source: Source) -> Iterator[Finding]:
    """A reason reads "module: what is wrong"."""
    for reason in reasons(source):
        if ": " not in reason.text:
            message = f"{reason.name} should read 'module: what is wrong'"
            yield Finding(source.path, reason.line, "reason-text", message)


def reasons(source: Source) -> Iterator[Reason]:
    """The reason constants that a file declares."""
    for declared in source.tree.get_children(nodes.VariableDecl):
        if declared.is_constant and declared.annotation.node_source_code == REASON_TYPE:
            yield Reason(
                str(declared.target.id), str(declared.value.reduced().value), declared.lineno
            )


def constant_names(source: Source) -> Iterator[tuple[str, int]]:
    """Names of constants and immutables, with their lines."""
    for declared in source.tree.get_children(nodes.VariableDecl):
        if declared.is_constant or declared.is_immutable:
            yield str(declared.target.id), declared.lineno


def local_names(source: Source) -> Iterator[str]:
    """Names of parameters, locals and loop variables in all functions."""
    for function in source.tree.get_descendants(nodes.FunctionDef):
        yield from (str(argument.arg) for argument in function.args.args)
        yield from (str(local.target.id) for local in function.get_descendants(nodes.AnnAssign))


def _type_of(node: nodes.VyperNode) -> object:
    return node._metadata.get("type")


RULES: tuple[Rule, ...] = (
    ternaries,
    banned_calls,
    augmented_elements,
    side_effects,
    named_reasons,
    reason_texts,
)
