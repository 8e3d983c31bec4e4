"""Conditions that Python evaluates before the KFP SDK can see them."""

from textwrap import dedent

import pytest

from tools.lossy_conditions import find_lossy_conditions


def found(source: str) -> list[tuple[int, str, str | None]]:
    return [(each.line, each.found, each.kept) for each in find_lossy_conditions(dedent(source))]


def condition(argument: str) -> str:
    return f"from kfp import dsl\nwith dsl.If({argument}):\n    pass\n"


@pytest.mark.parametrize(
    ("argument", "kept"),
    [
        ("a == 1 and b == 2", "b == 2"),
        ("a == 1 and b == 2 and c == 3", "c == 3"),
        ("a == 1 or b == 2", "a == 1"),
        ("a == 1 and (b == 2 or c == 3)", "b == 2"),
        ("1 < a < 5", "a < 5"),
        ("1 < a < b < 5", "b < 5"),
        ("not a == 1", None),
        ("a == 1 and (not b == 2)", None),
        ("not a == 1 or b == 2", "b == 2"),
    ],
)
def test_says_what_is_left_of_a_condition(argument: str, kept: str | None):
    assert found(condition(argument)) == [(2, argument, kept)]


@pytest.mark.parametrize("argument", ["a == 1", "a.output >= b", "task.outputs['x'] != 'and'"])
def test_is_silent_about_single_comparisons(argument: str):
    assert found(condition(argument)) == []


@pytest.mark.parametrize(
    ("imports", "call"),
    [
        ("import kfp", "kfp.dsl.Elif"),
        ("import kfp.dsl as d", "d.Condition"),
        ("import kfp as k", "k.dsl.If"),
        ("from kfp import dsl as d", "d.If"),
        ("from kfp.dsl import If as When", "When"),
        ("from kfp.dsl import *", "Elif"),
    ],
)
def test_knows_the_classes_under_every_name(imports: str, call: str):
    assert len(found(f"{imports}\nwith {call}(condition=a == 1 and b == 2): pass")) == 1


def test_leaves_other_calls_and_other_modules_alone():
    source = """
        from other import dsl, If
        import kfp
        with dsl.If(a and b), If(a and b), kfp.dsl.ParallelFor(a or b):
            x = a and b
    """

    assert found(source) == []


def test_follows_a_variable_to_its_last_value():
    source = """
        from kfp import dsl
        def pipeline(a, b):
            ready = a == 1
            with dsl.If(ready):
                pass
            ready = a == 1 and b == 2
            with dsl.If(ready):
                pass
    """

    assert found(source) == [(7, "a == 1 and b == 2", "b == 2")]


def test_names_the_column():
    (only,) = find_lossy_conditions(condition("a == 1 and b == 2"))

    assert (only.line, only.column) == (2, 13)


def test_runs_nothing():
    assert found("raise SystemExit(9)") == []
