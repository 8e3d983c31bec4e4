from kfp import dsl


@dsl.component
def succeed_at(attempt: int, counter: str) -> int:
    import pathlib

    file = pathlib.Path(counter)
    tries = int(file.read_text()) + 1 if file.exists() else 1
    file.write_text(str(tries))
    if tries < attempt:
        raise SystemExit(f"try {tries}")
    return tries


@dsl.pipeline(name="retries")
def pipeline(counter: str, attempt: int = 3) -> int:
    task = succeed_at(attempt=attempt, counter=counter).set_retry(
        num_retries=2, backoff_duration="1s", backoff_factor=2
    )
    task.set_caching_options(False)
    return task.output
