"""The work of ml-training-pipeline as one plain script: what it costs without any pipeline.

    python churn_script.py DATA.csv OUTPUT_FOLDER

Reads, splits (stratified), fits on the training part, cross-validates within it (5 folds), scores on
the held-out part, and writes both parts, the model and the metrics. The same estimator, parameters
and number of fits as the pipeline's components; nothing is deployed.
"""

import json
import sys
from pathlib import Path

import pandas as pd
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    f1_score,
    roc_auc_score,
    roc_curve,
)
from sklearn.model_selection import StratifiedKFold, cross_validate, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

source, folder = Path(sys.argv[1]), Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)

table = pd.read_csv(source)
train, test = train_test_split(table, test_size=0.2, random_state=42, stratify=table["churn"])
train.to_csv(folder / "train.csv", index=False)
test.to_csv(folder / "test.csv", index=False)

features = train.drop(columns="churn")
numbers = list(features.select_dtypes("number").columns)
words = [name for name in features.columns if name not in numbers]
numeric = Pipeline([("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
categorical = Pipeline(
    [
        ("impute", SimpleImputer(strategy="constant", fill_value="(missing)")),
        ("encode", OneHotEncoder(handle_unknown="infrequent_if_exist", sparse_output=False)),
    ]
)
columns = ColumnTransformer([("numeric", numeric, numbers), ("categorical", categorical, words)])
forest = RandomForestClassifier(n_estimators=100, max_depth=10, random_state=42, n_jobs=-1)
model = Pipeline([("columns", columns), ("forest", forest)])

folds = StratifiedKFold(5, shuffle=True, random_state=42)
scores = cross_validate(
    model, features, train["churn"], cv=folds, scoring=("accuracy", "f1_weighted")
)
model.fit(features, train["churn"])
fitted = model.predict(features)
predicted = model.predict(test.drop(columns="churn"))
likely = model.predict_proba(test.drop(columns="churn"))[:, 1]
metrics = {
    "train_accuracy": accuracy_score(train["churn"], fitted),
    "train_f1_weighted": f1_score(train["churn"], fitted, average="weighted"),
    "cv_accuracy": scores["test_accuracy"].mean(),
    "cv_f1_weighted": scores["test_f1_weighted"].mean(),
    "test_accuracy": accuracy_score(test["churn"], predicted),
    "test_f1_weighted": f1_score(test["churn"], predicted, average="weighted"),
    "test_balanced_accuracy": balanced_accuracy_score(test["churn"], predicted),
    "test_roc_auc": roc_auc_score(test["churn"] == "yes", likely),
    "confusion_matrix": confusion_matrix(test["churn"], predicted).tolist(),
    "roc_curve": [list(values) for values in roc_curve(test["churn"] == "yes", likely)[:2]],
}
skops.io.dump(model, folder / "model.skops")
(folder / "metrics.json").write_text(json.dumps(metrics))
