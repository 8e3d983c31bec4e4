"""The train component: what it writes, and that it writes the same again."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kfp.dsl import Dataset
from sklearn.ensemble import RandomForestClassifier
from steps import fit, noise, split, write_rows

from anneal_tasks.digest import digest_path
from anneal_tasks.errors import DataError
from anneal_tasks.learning.model_folder import read_model


@pytest.fixture(scope="module")
def churn(examples: Path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("churn")
    parts = split(examples / "churn" / "mlc_churn.csv", folder)
    return parts, fit(parts.train, folder, cv_folds=3)


def test_metrics_carry_split_and_stage(churn):
    _, trained = churn

    metrics = trained.metrics.metadata

    # An independent forest on one-hot columns: 0.966 on its own rows, 0.93 held out (data README).
    assert metrics["train_accuracy"] == pytest.approx(0.966, abs=0.01)
    assert metrics["cv_accuracy"] == pytest.approx(0.93, abs=0.015)
    assert metrics["cv_f1_weighted"] == pytest.approx(0.92, abs=0.02)
    assert metrics["cv_folds"] == 3
    assert json.loads(Path(trained.metrics.path).read_text()) == metrics


def test_importances_are_by_column_and_sum_to_one(churn):
    _, trained = churn

    importances = trained.importances.metadata

    assert math.isclose(sum(importances.values()), 1, abs_tol=1e-9)
    assert len(importances) == 19
    assert set(list(importances)[:2]) == {"total_day_minutes", "total_day_charge"}


def test_importances_match_the_forests_own_where_columns_are_inputs(tmp_path: Path):
    header = ["a", "b", "churn"]
    rows = [[n, (n * 37) % 101, "yes" if n % 3 else "no"] for n in range(200)]
    raw = write_rows(tmp_path / "raw.csv", header, rows)
    trained = fit(Dataset("train", str(raw)), tmp_path, n_estimators=20, max_depth=4)
    frame = pd.DataFrame(rows, columns=header)
    scaled = (frame[["a", "b"]] - frame[["a", "b"]].mean()) / frame[["a", "b"]].std(ddof=0)

    forest = RandomForestClassifier(n_estimators=20, max_depth=4, random_state=42)
    expected = forest.fit(scaled.to_numpy(), frame["churn"]).feature_importances_

    importances = trained.importances.metadata
    assert [importances["a"], importances["b"]] == pytest.approx(expected.tolist(), abs=1e-12)


def test_the_model_folder_describes_itself(churn):
    parts, trained = churn

    model = read_model(trained.model.path)

    assert trained.model.framework == "scikit-learn"
    assert trained.model.metadata["model_digest"] == digest_path(trained.model.path)
    assert model.schema.label_column == "churn"
    assert model.schema.classes == ("no", "yes")
    assert len(model.train_rows) == parts.report.metadata["train_rows"]
    assert set(model.description["sample"]) == set(model.schema.names)


def test_the_model_does_not_depend_on_the_patch_level_of_python(tmp_path: Path, monkeypatch):
    data = Dataset("train", str(noise(tmp_path / "raw.csv", seed=3)))

    digests = []
    for release in ("3.11.2", "3.11.7"):
        monkeypatch.setattr("platform.python_version", lambda release=release: release)
        digests.append(fit(data, tmp_path / release, n_estimators=5).model.metadata["model_digest"])

    assert digests[0] == digests[1]
    assert read_model(tmp_path / "3.11.2" / "model").description["libraries"]["python"] == "3.11"


def test_the_sample_row_is_nobodys(churn):
    parts, trained = churn
    sample = read_model(trained.model.path).description["sample"]

    rows = pd.read_csv(parts.train.path, dtype=str)

    assert not (rows[list(sample)] == pd.Series(sample)).all(axis=1).any()


def test_another_process_writes_the_same_bytes(tmp_path: Path, tasks_folder: Path):
    raw = noise(tmp_path / "raw.csv", seed=3)
    script = (
        "import sys; from pathlib import Path; from kfp.dsl import Dataset; from steps import fit;"
        "fit(Dataset('train', sys.argv[1]), Path(sys.argv[2]), n_estimators=10)"
    )
    paths = [str(tasks_folder), str(tasks_folder / "tests")]
    for turn in ("1", "2"):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": turn}
        command = [sys.executable, "-c", script, str(raw), str(tmp_path / turn)]
        subprocess.run(command, env=environment, check=True, capture_output=True)

    assert digest_path(tmp_path / "1" / "model") == digest_path(tmp_path / "2" / "model")
    for name in ("train_metrics.json", "importances.json"):
        assert digest_path(tmp_path / "1" / name) == digest_path(tmp_path / "2" / name)


def test_other_parameters_give_another_model(tmp_path: Path):
    data = Dataset("train", str(noise(tmp_path / "raw.csv", seed=3)))

    ten, eleven = (fit(data, tmp_path / str(n), n_estimators=n) for n in (10, 11))

    assert ten.model.metadata["model_digest"] != eleven.model.metadata["model_digest"]


def test_identifiers_and_empty_columns_are_not_learnt_from(tmp_path: Path):
    rows = [[f"id-{n}", "", n % 5, "yes" if n % 2 else "no"] for n in range(40)]
    raw = write_rows(tmp_path / "raw.csv", ["customer", "empty", "a", "churn"], rows)

    trained = fit(Dataset("train", str(raw)), tmp_path, n_estimators=5)

    assert list(trained.importances.metadata) == ["a"]


def test_columns_with_many_and_missing_values_are_encoded(tmp_path: Path):
    rows = [
        [f"town {n % 150}", "" if n % 9 == 0 else n % 5, "yes" if n % 2 else "no"]
        for n in range(450)
    ]
    raw = write_rows(tmp_path / "raw.csv", ["town", "a", "churn"], rows)

    trained = fit(Dataset("train", str(raw)), tmp_path, n_estimators=5)

    assert set(trained.importances.metadata) == {"town", "a"}
    assert len(read_model(trained.model.path).estimator[0].get_feature_names_out()) == 101


@pytest.mark.parametrize(
    "parameters",
    [
        {"n_estimators": 0},
        {"n_estimators": 1.5},
        {"n_estimators": True},
        {"max_depth": 0},
        {"random_state": -1},
        {"cv_folds": 1},
        {"n_estimators": float("nan")},
    ],
)
def test_parameters_outside_their_range_are_refused(tmp_path: Path, parameters):
    data = Dataset("train", str(noise(tmp_path / "raw.csv", seed=3)))

    with pytest.raises(DataError) as caught:
        fit(data, tmp_path, **parameters)

    assert caught.value.code == "E_PARAM"


def test_whole_numbers_may_arrive_as_floats(tmp_path: Path):
    data = Dataset("train", str(noise(tmp_path / "raw.csv", seed=3)))

    trained = fit(data, tmp_path, n_estimators=10.0, max_depth=3.0)

    assert trained.model.metadata["n_estimators"] == 10


def test_rows_of_one_class_are_refused(tmp_path: Path):
    raw = write_rows(tmp_path / "raw.csv", ["a", "churn"], [[n, "yes"] for n in range(20)])

    with pytest.raises(DataError, match="single class"):
        fit(Dataset("train", str(raw)), tmp_path)


def test_a_model_with_foreign_types_is_not_read(tmp_path: Path):
    trained = fit(Dataset("train", str(noise(tmp_path / "raw.csv", seed=3))), tmp_path)
    from sklearn.preprocessing import FunctionTransformer
    from skops.io import dump

    dump(FunctionTransformer(np.linalg.norm), Path(trained.model.path) / "model.skops")

    with pytest.raises(DataError) as caught:
        read_model(trained.model.path)

    assert caught.value.code == "E_MODEL_FORMAT"
    assert "not trusted" in caught.value.message


def test_changed_bytes_are_not_loaded(tmp_path: Path):
    trained = fit(Dataset("train", str(noise(tmp_path / "raw.csv", seed=3))), tmp_path)
    expected = digest_path(trained.model.path)
    with open(Path(trained.model.path) / "model.json", "a") as stream:
        stream.write(" ")

    with pytest.raises(DataError) as caught:
        read_model(trained.model.path, expected)

    assert caught.value.code == "E_DIGEST"
