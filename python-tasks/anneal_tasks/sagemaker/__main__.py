"""What a container runs: `python -m anneal_tasks.sagemaker train`, or `serve`.

T1. SIGTERM ends the container at once until the program has its own way to end. The first process
    of a container ignores it otherwise, also while libraries are being imported.
"""

import signal
import sys

_TERMINATED = 128 + signal.SIGTERM


def main() -> None:
    """Runs the program that the first argument names."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    # Imported late: each takes seconds on a slow disk (T1).
    if sys.argv[1:] == ["train"]:
        from anneal_tasks.sagemaker.train import run_training_job

        sys.exit(run_training_job())
    if sys.argv[1:] == ["serve"]:
        from anneal_tasks.sagemaker.serve import serve

        sys.exit(serve())
    sys.exit("usage: python -m anneal_tasks.sagemaker train|serve")


if __name__ == "__main__":
    main()
