"""The train component: training rows in, one self-contained model folder out."""

from kfp.dsl import Dataset, Input, Metrics, Model, Output

from anneal_tasks.component import component
from anneal_tasks.digest import digest_path
from anneal_tasks.errors import DataError, reported_errors
from anneal_tasks.learning.cross_validation import cross_validate
from anneal_tasks.learning.estimator import column_importances, fit_estimator
from anneal_tasks.learning.model_folder import predict_rows, write_model
from anneal_tasks.learning.sample_row import sample_row
from anneal_tasks.learning.scoring import accuracy, weighted_f1
from anneal_tasks.learning.training_rows import read_training_rows
from anneal_tasks.metrics_file import record
from anneal_tasks.parameters import checked


@component
def train(
    train_data: Input[Dataset],
    model: Output[Model],
    metrics: Output[Metrics],
    feature_importances: Output[Metrics],
    n_estimators: int = 100,
    max_depth: int = 10,
    random_state: int = 42,
    label_column: str = "",
    cv_folds: int = 5,
):
    """Fits imputing, encoding, scaling and a random forest as one scikit-learn pipeline.

    Args:
        train_data: CSV file of training rows; its metadata may name the label column.
        model: Folder with the model (skops), its description and its rows' fingerprints.
        metrics: Accuracy and weighted F1 on the training rows and by cross-validation.
        feature_importances: Share of each input column in the forest's decisions, summing to 1.
        n_estimators: Number of trees, at least 1.
        max_depth: Greatest depth of a tree, at least 1.
        random_state: Seed of the forest and of the cross-validation folds.
        label_column: Column to predict; empty means what the data set's metadata says.
        cv_folds: Number of cross-validation folds, at least 2; 0 skips cross-validation.
    """
    with reported_errors():
        parameters = {
            "n_estimators": checked("n_estimators", n_estimators),
            "max_depth": checked("max_depth", max_depth),
            "random_state": checked("random_state", random_state),
        }
        folds = _checked_folds(cv_folds)
        wanted = label_column or train_data.metadata.get("label_column", "")
        rows = read_training_rows(train_data.path, wanted)
        estimator = fit_estimator(rows.frame, rows.labels, rows.schema, parameters)
        predicted = predict_rows(estimator, rows.schema, rows.frame).labels
        scores = {
            "train_rows": len(rows.labels),
            "train_accuracy": accuracy(rows.labels, predicted),
            "train_f1_weighted": weighted_f1(rows.labels, predicted),
            **(cross_validate(rows, parameters, folds) if folds else {}),
        }
        details = {
            "parameters": parameters,
            "rows": len(rows.labels),
            "sample": sample_row(rows.features, rows.schema.columns),
        }
        write_model(model.path, estimator, rows.schema, rows.fingerprints, details)
        model.framework = "scikit-learn"
        model.metadata.update(
            format="skops",
            label_column=rows.schema.label_column,
            positive_class=rows.schema.classes[1],
            model_digest=digest_path(model.path),
            **parameters,
        )
        record(metrics, scores)
        record(feature_importances, column_importances(estimator, rows.schema))


def _checked_folds(cv_folds: int) -> int:
    folds = checked("cv_folds", cv_folds)
    if folds == 1:
        raise DataError(
            "E_PARAM", "cv_folds=1 leaves nothing to fit on.", "Give at least 2, or 0 for none."
        )
    return folds
