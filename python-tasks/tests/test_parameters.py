"""parameter_rules.json, which the command line reads too."""

import json
import re
from pathlib import Path

import pytest

from anneal_tasks.errors import DataError
from anneal_tasks.parameters import checked


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoint_name", "churn-model-prod"),
        ("endpoint_name", "a"),
        ("endpoint_name", "a" * 63),
        ("endpoint_name", "a--b"),
        ("instance_type", "ml.t2.medium"),
        ("instance_type", "ml.p4d.24xlarge"),
        ("instance_type", "ml.c6i.metal"),
        ("deploy_threshold", 0),
        ("deploy_threshold", 1),
        ("test_split", 0.5),
    ],
)
def test_values_within_range_are_kept(name: str, value):
    assert checked(name, value) == value


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        # Fault matrix, row 53.
        ("endpoint_name", "churn_model!", "E_ENDPOINT_NAME"),
        ("endpoint_name", "a" * 64, "E_ENDPOINT_NAME"),
        ("endpoint_name", "a" + "-" * 62 + "b", "E_ENDPOINT_NAME"),
        ("endpoint_name", "-x", "E_ENDPOINT_NAME"),
        ("endpoint_name", "x-", "E_ENDPOINT_NAME"),
        ("endpoint_name", "", "E_ENDPOINT_NAME"),
        ("endpoint_name", "x\n", "E_ENDPOINT_NAME"),
        # Row 55.
        ("instance_type", "ml.t2.mediun", "E_INSTANCE_TYPE"),
        ("instance_type", "t2.medium", "E_INSTANCE_TYPE"),
        # Rows 50 and 51.
        ("test_split", 0, "E_PARAM"),
        ("test_split", 1, "E_PARAM"),
        ("deploy_threshold", 85, "E_PARAM"),
        ("deploy_threshold", True, "E_PARAM"),
        ("n_estimators", 0, "E_PARAM"),
    ],
)
def test_values_outside_are_refused_with_the_rules_code(name: str, value, code: str):
    with pytest.raises(DataError) as caught:
        checked(name, value)

    assert caught.value.code == code
    assert name in caught.value.message
    assert caught.value.hint


def test_a_percentage_is_recognised():
    with pytest.raises(DataError) as caught:
        checked("test_split", 20)

    assert caught.value.hint.startswith("Did you mean 0.2?")


def test_patterns_mean_the_same_to_javascript(tasks_folder: Path):
    rules = json.loads((tasks_folder / "anneal_tasks" / "parameter_rules.json").read_text())

    patterns = [rule["pattern"] for rule in rules.values() if "pattern" in rule]

    assert all(pattern.startswith("^") and pattern.endswith("$") for pattern in patterns)
    assert not any(re.search(r"\(\?|\\[AZz]", pattern) for pattern in patterns)


def test_every_component_parameter_with_a_range_has_a_rule(tasks_folder: Path):
    components = json.loads((tasks_folder / "components.json").read_text())["components"]
    rules = json.loads((tasks_folder / "anneal_tasks" / "parameter_rules.json").read_text())

    numbers = {
        name
        for part in components.values()
        for name, definition in part["component"]["inputDefinitions"]["parameters"].items()
        if definition["parameterType"].startswith("NUMBER")
    }

    assert numbers <= set(rules)
