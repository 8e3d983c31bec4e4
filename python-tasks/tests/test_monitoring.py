"""Drift of captured requests: the stability index, and the rows it is made of."""

import base64
import json
import math
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from anneal_tasks.learning.schema import Column
from anneal_tasks.monitoring.captured_rows import Format, read_captured
from anneal_tasks.monitoring.drift_report import drift_report
from anneal_tasks.monitoring.stability_index import (
    EMPTY_SHARE,
    population_stability,
    stability,
)
from anneal_tasks.tabular.table import Table

SEEDS = range(20)
FORM = Format([Column("minutes", "numeric"), Column("plan", "categorical", ("a", "b"))], "churn", 2)


def numbers(seed: int, count: int = 2000, shift: float = 0.0) -> list[str]:
    drawn = np.random.default_rng(seed).normal(shift, 1.0, count)
    return [repr(float(number)) for number in drawn]


def shuffle(sample: list[str], seed: int) -> list[str]:
    return [str(cell) for cell in np.random.default_rng(seed).permutation(sample)]


def psi(reference: list[str], captured: list[str], *, is_numeric: bool = True) -> float:
    return stability(reference, captured, is_numeric=is_numeric).psi


def test_the_index_is_the_published_sum():
    # By hand: (0.3 - 0.5) ln(0.3 / 0.5) + (0.7 - 0.5) ln(0.7 / 0.5).
    expected = -0.2 * math.log(0.6) + 0.2 * math.log(1.4)

    found = population_stability(np.array([0.5, 0.5]), np.array([0.3, 0.7]))

    assert found == pytest.approx(expected, rel=1e-12)
    assert found == pytest.approx(0.16946, abs=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_equal_samples_have_index_0_in_any_order(seed):
    sample = numbers(seed)
    shuffled = shuffle(sample, seed)

    assert psi(sample, shuffled) == 0.0


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_changes_nothing(seed):
    reference, captured = numbers(seed), numbers(seed + 100, 500, 0.4)
    shuffled = shuffle(captured, seed)

    assert psi(reference, shuffled) == psi(reference, captured)


@pytest.mark.parametrize("seed", SEEDS)
def test_samples_of_one_population_are_near_what_theory_says(seed):
    # Yurdakul (2018): index / (1/n + 1/m) is about chi-square with B - 1 = 9 degrees of freedom,
    # whose 0.9999 quantile is 33.7; mean 9.
    found = psi(numbers(seed), numbers(seed + 100))

    assert 0 < found < 33.7 * (1 / 2000 + 1 / 2000)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_shift_either_way_is_large(seed, sign):
    # Normal distributions that are d apart: Jeffreys' divergence is d * d = 1 without bins;
    # ten bins lose a part of it.
    found = psi(numbers(seed), numbers(seed + 100, shift=sign))

    assert 0.6 < found < 1.4


@pytest.mark.parametrize("seed", SEEDS)
def test_a_greater_shift_has_a_greater_index(seed):
    found = [psi(numbers(seed), numbers(seed + 100, shift=shift)) for shift in (0, 0.3, 0.6, 1.2)]

    assert found == sorted(found)


@pytest.mark.parametrize("shares", [([0.2, 0.8], [0.5, 0.5]), ([1.0, 0.0], [0.3, 0.7])])
def test_exchanging_the_samples_changes_nothing(shares):
    left, right = map(np.array, shares)

    assert population_stability(left, right) == pytest.approx(population_stability(right, left))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_index_is_never_negative_nor_infinite(seed):
    source = random.Random(seed)  # noqa: S311 - test data
    cells = ["", "1", "2", "x", "y", "1e300"]
    left = source.choices(cells[source.randrange(3) :], k=source.randint(1, 50))
    right = source.choices(cells, k=source.randint(1, 50))

    found = psi(left, right, is_numeric=False)

    assert 0 <= found < 100


@pytest.mark.parametrize("moved", ["9", "1"])
def test_a_constant_column_that_moves_is_seen(moved):
    found = stability(["5"] * 100, [moved] * 100, is_numeric=True)

    expected = 2 * (1 - EMPTY_SHARE) * math.log(1 / EMPTY_SHARE)
    assert found.psi == pytest.approx(expected)


def test_missing_values_and_unseen_values_have_bins_of_their_own():
    found = stability(["a"] * 8 + ["b"] * 2, ["a"] * 4 + ["", "NA"] + ["c"] * 4, is_numeric=False)

    assert {each.label: each.captured for each in found.bins} == pytest.approx(
        {"a": 0.4, "b": 0.0, "(missing)": 0.2, "(other)": 0.4}
    )


def test_missing_numbers_have_a_bin_of_their_own():
    reference = [str(number) for number in range(100)]

    found = stability(reference, [*reference[:50], *[""] * 50], is_numeric=True)

    assert found.bins[-1].label == "(missing)"
    assert found.bins[-1].captured == 0.5
    assert sum(each.reference for each in found.bins) == pytest.approx(1)


def capture(
    data: str,
    *,
    encoding: str = "CSV",
    media: str = "text/csv",
    time: str = "2026-01-31T06:00:00Z",
) -> str:
    return json.dumps(
        {
            "captureData": {
                "endpointInput": {
                    "observedContentType": media,
                    "mode": "INPUT",
                    "data": data,
                    "encoding": encoding,
                },
                "endpointOutput": {"data": "no,0.1", "encoding": "CSV", "mode": "OUTPUT"},
            },
            "eventMetadata": {"eventId": "e", "inferenceTime": time},
            "eventVersion": "0",
        }
    )


def written(folder: Path, *lines: str, name: str = "requests.jsonl") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def test_requests_in_every_encoding_are_read_as_the_model_reads_them(tmp_path):
    encoded = base64.b64encode(b"5,a").decode()
    folder = written(
        tmp_path / "endpoint/AllTraffic/2026/01/31/06",
        capture("minutes,plan\n1,a\n2,b"),
        capture('{"instances": [{"plan": "b", "minutes": 3}, [4, "a"]]}', encoding="JSON",
                media="application/json"),
        capture(encoded, encoding="BASE64"),
    )  # fmt: skip

    captured = read_captured([tmp_path], FORM, "", 100)

    assert folder.exists()
    assert captured.rows == [["1", "a"], ["2", "b"], ["3", "b"], ["4", "a"], ["5", "a"]]
    assert (captured.requests, captured.unreadable) == (3, 0)


def test_what_cannot_be_read_is_counted_and_left_out(tmp_path):
    written(
        tmp_path,
        capture("1,a"),
        capture("1,a,2,3"),
        capture("1,a", encoding="PARQUET"),
        capture("1,a", time="yesterday"),
        capture("1,a", media="image/png"),
        '{"captureData": {}}',
        "[]",
        '{"captureData": {"endpointInp',
    )

    captured = read_captured([tmp_path], FORM, "", 100)

    assert (captured.requests, captured.unreadable) == (1, 7)


def test_earlier_requests_are_left_out_and_the_latest_rows_kept(tmp_path):
    times = ["2026-01-31T06:00:00Z", "2026-01-31T08:30:00+02:00", "2026-01-31T07:00:00Z"]
    written(tmp_path, *[capture(f"{n},a", time=time) for n, time in enumerate(times[1:], 1)])
    written(tmp_path, capture("0,a", time=times[0]), name="requests.jsonl.1")

    captured = read_captured([tmp_path], FORM, "2026-01-31T06:15:00Z", 1)

    assert captured.rows == [["2", "a"]]
    assert captured.requests == 2
    assert (captured.earliest, captured.latest) == (times[1], times[2])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_latest_rows_are_kept_in_whatever_order_and_size_requests_come(tmp_path, seed):
    source = random.Random(seed)  # noqa: S311 - test data
    sizes = [source.randint(1, 4) for _ in range(60)]
    starts = [sum(sizes[:number]) for number in range(60)]
    lines = [
        capture(
            "\n".join(f"{row},a" for row in range(start, start + size)),
            time=f"2026-01-31T06:00:{number:02}Z",
        )
        for number, (start, size) in enumerate(zip(starts, sizes, strict=True))
    ]
    source.shuffle(lines)
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    written(folders[0], *lines[:30])
    written(folders[1], *lines[30:])

    captured = read_captured(folders, FORM, "", 7)

    total = sum(sizes)
    assert captured.rows == [[str(row), "a"] for row in range(total - 7, total)]
    assert captured.requests == 60
    assert captured.latest == "2026-01-31T06:00:59Z"


def test_a_request_of_the_second_in_which_the_model_went_live_counts(tmp_path):
    written(tmp_path, capture("1,a", time="2026-01-31T06:00:00Z"))

    captured = read_captured([tmp_path], FORM, "2026-01-31T06:00:00.700Z", 100)

    assert captured.requests == 1


def test_the_report_puts_the_feature_that_moved_most_first(tmp_path):
    table = Table(("minutes", "plan"), [[str(n), "ab"[n % 2]] for n in range(100)], [0] * 100)
    written(tmp_path, *[capture(f"{n + 60},{'ab'[n % 2]}") for n in range(100)])

    report = drift_report([table], read_captured([tmp_path], FORM, "", 1000), FORM)

    assert report["maxFeature"] == "minutes"
    assert report["maxPsi"] > 0.25
    assert [feature["name"] for feature in report["features"]] == ["minutes", "plan"]
    assert report["features"][1]["psi"] == 0.0
    assert report["referenceRows"] == 100


def test_without_requests_the_report_says_nothing_about_features(tmp_path):
    report = drift_report(
        [Table(("minutes", "plan"), [["1", "a"]], [2])],
        read_captured([tmp_path], FORM, "", 9),
        FORM,
    )

    assert report["maxPsi"] is None
    assert report["captured"]["rows"] == 0


def run(tmp_path: Path, training: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "train.csv").write_text(training, encoding="utf-8")
    description = {
        "columns": [
            {"name": "minutes", "kind": "numeric", "values": []},
            {"name": "plan", "kind": "categorical", "values": ["a", "b"]},
        ],
        "label_column": "churn",
        "label_position": 2,
        "classes": ["no", "yes"],
    }
    (tmp_path / "model.json").write_text(json.dumps(description), encoding="utf-8")
    written(tmp_path / "captured", capture("1,a"), capture("2,b,no"))
    arguments = {
        "--reference": "train.csv",
        "--description": "model.json",
        "--captured": "captured",
        "--out": "report.json",
    }
    words = [word for pair in arguments.items() for word in (pair[0], str(tmp_path / pair[1]))]
    return subprocess.run(
        [sys.executable, "-m", "anneal_tasks.monitoring", *words],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_program_reads_columns_from_the_models_description(tmp_path):
    ended = run(tmp_path, "minutes,plan,churn\n1,a,no\n2,b,yes\n")

    assert ended.returncode == 0, ended.stderr
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["captured"]["rows"] == 2
    assert report["maxPsi"] == 0


def test_the_program_says_what_the_training_data_lacks(tmp_path):
    ended = run(tmp_path, "minutes,churn\n1,no\n2,yes\n")

    assert ended.returncode == 1
    assert "E_DATA: The training data has no column 'plan'" in ended.stderr
    assert not (tmp_path / "report.json").exists()
