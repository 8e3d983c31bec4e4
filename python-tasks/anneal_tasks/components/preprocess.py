"""The preprocess component: one checked CSV file in, disjoint train and test files out."""

from kfp.dsl import Dataset, Input, Metrics, Output

from anneal_tasks.component import component


@component
def preprocess(
    raw_data: Input[Dataset],
    train_data: Output[Dataset],
    test_data: Output[Dataset],
    data_report: Output[Metrics],
    test_split: float = 0.2,
    label_column: str = "",
    random_state: int = 42,
    missing_labels: str = "refuse",
):
    """Checks a CSV file and splits it into training and test rows, stratified by label.

    Args:
        raw_data: CSV file, UTF-8, comma-separated, with a header line.
        train_data: Rows to train on: the input's own text, unchanged.
        test_data: Rows held out for evaluation; no row of it equals a training row.
        data_report: Rows, columns, class balance, duplicates and warnings.
        test_split: Share of rows held out, a fraction in (0, 1).
        label_column: Column to predict; empty means `churn`, or `target` where there is no churn.
        random_state: Seed of the split.
        missing_labels: What to do with rows without a label: `refuse` or `drop`.
    """
