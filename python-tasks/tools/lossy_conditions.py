"""Finds conditions of a KFP pipeline that Python evaluates before the SDK can see them.

The SDK's comparisons are objects, and every object is true: `dsl.If(a == 1 and b == 2)` compiles to
a test of `b` alone, without a word.

L1. The source is parsed, never run.

    python python-tasks/tools/lossy_conditions.py FILE
"""

import ast
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

CONDITIONS = {f"kfp.dsl.{name}" for name in ("If", "Elif", "Condition")}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class LossyCondition:
    """An expression in the argument of dsl.If, dsl.Elif or dsl.Condition.

    Attributes:
        line: where it starts, from 1.
        column: where it starts, from 1.
        found: the expression as it is written, on one line.
        kept: what the SDK gets of it; None when that is a constant, which it refuses.
    """

    line: int
    column: int
    found: str
    kept: str | None


def find_lossy_conditions(source: str) -> list[LossyCondition]:
    """Lists the conditions with `and`, `or`, `not` or a chained comparison.

    Args:
        source: Python source of a file that defines pipelines.

    Returns:
        One entry for each outermost such expression, in the order of the source.

    Raises:
        SyntaxError: if the source is no Python.
    """
    tree = ast.parse(source)
    names = _imported_names(tree)
    found = {
        (part.lineno, part.col_offset): part
        for call, function in _calls(tree, None)
        if _dotted_name(call.func, names) in CONDITIONS
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
        for part in _outermost(_assigned_value(argument, call, function))
    }
    return [_describe(found[place], source) for place in sorted(found)]


def _describe(part: ast.expr, source: str) -> LossyCondition:
    kept = _kept(part)
    return LossyCondition(
        line=part.lineno,
        column=part.col_offset + 1,
        found=" ".join(ast.get_source_segment(source, part).split()),
        kept=None if kept is None else ast.unparse(kept),
    )


def _imported_names(tree: ast.Module) -> dict[str, str]:
    """Local names of modules and classes by what they stand for: `d` -> `kfp.dsl`."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.split(".")[0]
                names[alias.asname or whole] = whole
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                if alias.name == "*":
                    names |= {name.rpartition(".")[2]: name for name in CONDITIONS}
                else:
                    names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _dotted_name(node: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _dotted_name(node.value, names)
        return None if owner is None else f"{owner}.{node.attr}"
    return None


def _calls(node: ast.AST, function: Function | None) -> Iterator[tuple[ast.Call, Function | None]]:
    """Every call, with the function that it is in."""
    if isinstance(node, ast.Call):
        yield node, function
    inner = node if isinstance(node, Function) else function
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, inner)


def _assigned_value(argument: ast.expr, call: ast.Call, function: Function | None) -> ast.expr:
    """Follows a variable to the last value it was assigned before the call."""
    if not isinstance(argument, ast.Name) or function is None:
        return argument
    values = [
        (statement.lineno, statement.value)
        for statement in ast.walk(function)
        if isinstance(statement, ast.Assign) and statement.lineno < call.lineno
        for target in statement.targets
        if isinstance(target, ast.Name) and target.id == argument.id
    ]
    return max(values, key=lambda value: value[0])[1] if values else argument


def _outermost(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.expr) and _is_lossy(node):
        yield node
        return
    for child in ast.iter_child_nodes(node):
        yield from _outermost(child)


def _is_lossy(node: ast.expr) -> bool:
    if isinstance(node, ast.Compare):
        return len(node.ops) > 1
    return isinstance(node, ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )


def _kept(node: ast.expr) -> ast.expr | None:
    """What Python makes of an expression whose comparisons are all true objects; None is False."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return None if _kept(node.operand) is not None else ast.Constant(True)
    if isinstance(node, ast.Compare) and len(node.ops) > 1:
        left, right = [node.left, *node.comparators][-2:]
        return ast.Compare(left, node.ops[-1:], [right])
    if not isinstance(node, ast.BoolOp):
        return node
    parts = [_kept(value) for value in node.values]
    if isinstance(node.op, ast.And):
        return None if None in parts else parts[-1]
    return next((part for part in parts if part is not None), None)


def main() -> None:
    """Prints what is found in a file as a JSON list."""
    source = Path(sys.argv[1]).read_text("utf-8")
    json.dump([asdict(condition) for condition in find_lossy_conditions(source)], sys.stdout)


if __name__ == "__main__":
    main()
