"""Ranges of the components' parameters, from parameter_rules.json.

The command line reads the same file to refuse a value before anything starts; the components
check again, because other orchestrators run them too.
"""

import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any

from anneal_tasks.errors import DataError


def checked(name: str, value: Any) -> Any:
    """Checks one parameter against its rule.

    Args:
        name: a parameter that parameter_rules.json knows.
        value: the value given.

    Returns:
        The value; a whole number given as a float (KFP sends 100.0) becomes an int.

    Raises:
        DataError: E_PARAM, or the rule's own code, when the value is outside its range.
    """
    rule = _rules()[name]
    fault = _string_fault(rule, value) if rule["type"] == "string" else _number_fault(rule, value)
    if fault:
        raise DataError(
            rule.get("code", "E_PARAM"), f"{name}={value!r} {fault}.", _hint(rule, value)
        )
    return int(value) if rule["type"] == "integer" else value


@cache
def _rules() -> dict[str, dict[str, Any]]:
    return json.loads(Path(__file__).with_name("parameter_rules.json").read_text("utf-8"))


def _string_fault(rule: dict[str, Any], value: Any) -> str:
    if not isinstance(value, str):
        return "is not text"
    if len(value) > rule.get("maxLength", math.inf):
        return f"is longer than {rule['maxLength']} characters"
    # fullmatch: `$` alone would accept a trailing newline.
    return "" if re.fullmatch(rule["pattern"], value) else "is not allowed"


def _number_fault(rule: dict[str, Any], value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "is not a number"
    if not math.isfinite(value):
        return "is not a finite number"
    if rule["type"] == "integer" and value != int(value):
        return "is not a whole number"
    bounds = {
        "minimum": (lambda bound: value < bound, "is less than"),
        "maximum": (lambda bound: value > bound, "is more than"),
        "exclusiveMinimum": (lambda bound: value <= bound, "must be more than"),
        "exclusiveMaximum": (lambda bound: value >= bound, "must be less than"),
    }
    for key, (is_outside, words) in bounds.items():
        if key in rule and is_outside(rule[key]):
            return f"{words} {rule[key]}"
    return ""


def _hint(rule: dict[str, Any], value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if rule.get("percentage") and is_number and 1 < value < 100:
        return f"Did you mean {value / 100:g}? {rule['hint']}"
    return rule["hint"]
