"""What the gate is told about a model: counts that can be checked by hand, and reasons."""

import pickle
import random
from pathlib import Path

import pandas as pd
import pytest
from kfp.dsl import Dataset
from scipy.stats import binomtest
from sklearn.ensemble import RandomForestClassifier
from steps import fit, noise, read_rows, score, split, write_rows

from anneal_tasks.components.gate_evidence import gate_evidence
from anneal_tasks.digest import digest_path
from anneal_tasks.errors import DataError
from anneal_tasks.learning.gate_evidence import Rival, Wanted, gather_evidence


def signal(path: Path, seed: int, rows: int = 500) -> Path:
    """Writes rows whose label follows one feature, with one wrong in ten."""
    draw = random.Random(seed)  # noqa: S311 - test data
    content = []
    for _ in range(rows):
        strength = draw.gauss(0, 1)
        is_yes = (strength > 0) != (draw.random() < 0.1)
        content.append(
            [round(strength, 6), round(draw.gauss(0, 1), 6), draw.choice("uvw"), int(is_yes)]
        )
    return write_rows(path, ["a", "b", "kind", "target"], content)


def trained_on(data: Path, folder: Path, **parameters):
    parts = split(data, folder)
    return parts, fit(parts.train, folder, **{"n_estimators": 20, **parameters}).model


def rival(path: str | Path, train: str | None = None, allow_pickle: bool = False) -> Rival:
    return Rival(str(path), digest_path(path), allow_pickle, [train] if train else [])


def pickled(train: str, path: Path, **parameters) -> Path:
    """Writes what the seed pipeline's train_model writes."""
    rows = pd.read_csv(train)[["a", "b", "target"]]
    forest = RandomForestClassifier(n_estimators=20, random_state=42, **parameters)
    path.write_bytes(pickle.dumps(forest.fit(rows[["a", "b"]], rows["target"])))
    return path


def test_scores_are_those_of_the_evaluation(tmp_path: Path):
    parts, model = trained_on(signal(tmp_path / "raw.csv", 1), tmp_path)
    own = score(model, parts.test, tmp_path).metrics.metadata

    facts = gather_evidence(
        rival(model.path, parts.train.path), None, Wanted(held_out=[parts.test.path])
    )

    assert facts["unavailable"] == {}
    scores = facts["scores"]
    assert scores["right"] / scores["rows"] == own["test_accuracy"]
    assert scores["majority_right"] / scores["rows"] == own["majority_accuracy"]
    assert scores["p_value"] == own["majority_p_value"]
    assert facts["leak"] == {
        "held_out_rows": 100,
        "overlap_rows": 0,
        "repeated_rows": 0,
        "train_rows": 400,
    }
    assert 0 < facts["latency"]["p50_ms"] <= facts["latency"]["p95_ms"]


def test_training_rows_among_the_held_out_are_counted_however_they_are_written(tmp_path: Path):
    parts, model = trained_on(signal(tmp_path / "raw.csv", 2), tmp_path)
    header, *held_out = read_rows(parts.test.path)
    _, *train = read_rows(parts.train.path)
    copies = [[f" {row[0]}0", *row[1:3], "1" if row[3] == "0" else "0"] for row in train[:7]]
    mixed = write_rows(tmp_path / "mixed.csv", header, held_out + copies + held_out[:3])

    facts = gather_evidence(
        rival(model.path, parts.train.path), None, Wanted(held_out=[str(mixed)])
    )

    assert facts["leak"] == {
        "held_out_rows": 110,
        "overlap_rows": 7,
        "repeated_rows": 3,
        "train_rows": 400,
    }


def test_rows_that_the_model_names_count_also_where_no_training_data_is_on_record(tmp_path: Path):
    parts, model = trained_on(signal(tmp_path / "raw.csv", 3), tmp_path)

    facts = gather_evidence(rival(model.path), None, Wanted(held_out=[parts.train.path]))

    assert facts["leak"]["overlap_rows"] == 400


def test_champion_and_challenger_meet_on_rows_that_neither_was_trained_on(tmp_path: Path):
    data = signal(tmp_path / "raw.csv", 4)
    parts, challenger = trained_on(data, tmp_path / "new")
    other = split(data, tmp_path / "old", random_state=7, test_split=0.7)
    champion = fit(other.train, tmp_path / "old", n_estimators=1, max_depth=20).model

    facts = gather_evidence(
        rival(challenger.path, parts.train.path),
        rival(champion.path),
        Wanted(held_out=[parts.test.path]),
    )

    duel = facts["champion"]
    known = set(map(tuple, read_rows(other.train.path)))
    shared = sum(tuple(row) in known for row in read_rows(parts.test.path)[1:])
    assert shared > 0
    assert (duel["left_out_rows"], duel["rows"]) == (shared, 100 - shared)
    assert duel["right"] - duel["champion_right"] == duel["wins"] - duel["losses"]
    differing = duel["wins"] + duel["losses"]
    assert differing > 0
    expected = binomtest(duel["wins"], differing, 0.5, alternative="greater").pvalue
    assert duel["p_value"] == pytest.approx(expected)


def test_segments_add_up_to_the_whole(tmp_path: Path):
    parts, model = trained_on(signal(tmp_path / "raw.csv", 5), tmp_path)

    facts = gather_evidence(
        rival(model.path),
        None,
        Wanted(held_out=[parts.test.path], segment_columns=["kind", "a", "region"]),
    )

    (column,) = facts["segments"]
    values = facts["segments"][column]
    assert [each["value"] for each in values] == ["u", "v", "w"]
    assert sum(each["rows"] for each in values) == 100
    assert sum(each["right"] for each in values) == facts["scores"]["right"]
    assert "has 100 values" in facts["unavailable"]["segments.a"]
    assert "no column 'region'" in facts["unavailable"]["segments.region"]


def test_a_pickle_is_loaded_only_where_that_is_allowed(tmp_path: Path):
    parts = split(signal(tmp_path / "raw.csv", 6), tmp_path)
    model = pickled(parts.train.path, tmp_path / "model.pkl")
    wanted = Wanted(held_out=[parts.test.path])

    refused = gather_evidence(rival(model, parts.train.path), None, wanted)
    allowed = gather_evidence(rival(model, parts.train.path, allow_pickle=True), None, wanted)

    assert "pickle" in refused["unavailable"]["scores"]
    assert refused["leak"]["overlap_rows"] == 0
    assert allowed["unavailable"] == {}
    assert allowed["scores"]["right"] > allowed["scores"]["majority_right"]


def test_a_champion_that_is_a_pickle_is_compared_by_its_recorded_data(tmp_path: Path):
    parts = split(signal(tmp_path / "raw.csv", 7), tmp_path)
    challenger = pickled(parts.train.path, tmp_path / "new.pkl")
    champion = pickled(parts.train.path, tmp_path / "old.pkl", max_depth=1)
    wanted = Wanted(held_out=[parts.test.path])
    new = rival(challenger, parts.train.path, allow_pickle=True)

    known = gather_evidence(new, rival(champion, parts.train.path, allow_pickle=True), wanted)
    unknown = gather_evidence(new, rival(champion, allow_pickle=True), wanted)

    assert known["champion"]["rows"] == 100
    assert "not on record" in unknown["unavailable"]["champion"]


def test_a_model_that_nobody_can_read_costs_no_other_fact(tmp_path: Path):
    parts = split(signal(tmp_path / "raw.csv", 8), tmp_path)
    model = tmp_path / "model.onnx"
    model.write_bytes(b"not for us")

    facts = gather_evidence(
        rival(model, parts.train.path),
        rival(model),
        Wanted(held_out=[parts.test.path], segment_columns=["kind"]),
    )

    assert facts["leak"]["overlap_rows"] == 0
    assert set(facts["unavailable"]) == {"scores", "champion", "latency", "segments.kind"}


def test_held_out_rows_that_are_not_on_record_leave_nothing_but_reasons(tmp_path: Path):
    _, model = trained_on(signal(tmp_path / "raw.csv", 9), tmp_path)

    facts = gather_evidence(rival(model.path), None, Wanted(held_out=[]))

    assert set(facts) == {"unavailable"}
    assert set(facts["unavailable"]) == {"leak", "scores", "latency"}


def test_other_bytes_than_the_recorded_ones_are_refused(tmp_path: Path):
    parts, model = trained_on(signal(tmp_path / "raw.csv", 10), tmp_path)

    with pytest.raises(DataError) as caught:
        gate_evidence(model, f"sha256:{'0' * 64}", held_out=[Dataset("held_out", parts.test.path)])

    assert caught.value.code == "E_DIGEST"


def test_the_component_takes_the_label_column_from_the_data_sets(tmp_path: Path):
    header, *rows = read_rows(noise(tmp_path / "raw.csv", 11))
    data = write_rows(tmp_path / "named.csv", [*header[:-1], "left"], rows)
    parts = split(data, tmp_path, label_column="left")
    model = fit(parts.train, tmp_path, n_estimators=10).model

    facts = gate_evidence(
        model, digest_path(model.path), train_data=[parts.train], held_out=[parts.test]
    )

    assert facts["scores"]["rows"] == 80
