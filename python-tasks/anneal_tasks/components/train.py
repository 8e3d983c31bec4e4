"""The train component: training rows in, one self-contained model folder out."""

from kfp.dsl import Dataset, Input, Metrics, Model, Output

from anneal_tasks.component import component


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
