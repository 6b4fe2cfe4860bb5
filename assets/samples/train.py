"""Trains a small classifier on numbers made on the spot.

It needs no data set, no package index and no network: everything comes from scikit-learn, which the curated image
brings along. So it shows whether a job runs in the private network, and nothing else can be the reason if it does not.
"""

import argparse
import json
import pathlib

from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2000, help="rows of made-up data")
    parser.add_argument("--trees", type=int, default=100, help="trees in the forest")
    parser.add_argument("--seed", type=int, default=4821, help="the same seed gives the same result")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("outputs"))
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    features, labels = make_classification(
        n_samples=chosen.rows, n_features=20, n_informative=8, random_state=chosen.seed
    )
    train_x, test_x, train_y, test_y = train_test_split(
        features, labels, test_size=0.25, random_state=chosen.seed
    )
    model = RandomForestClassifier(n_estimators=chosen.trees, random_state=chosen.seed)
    model.fit(train_x, train_y)
    accuracy = accuracy_score(test_y, model.predict(test_x))
    print(f"accuracy on unseen rows: {accuracy:.3f}")
    # What is written into the output folder is kept in the workspace's own storage account.
    chosen.output.mkdir(parents=True, exist_ok=True)
    result = {"accuracy": accuracy, "rows": chosen.rows, "trees": chosen.trees}
    (chosen.output / "result.json").write_text(json.dumps(result, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
