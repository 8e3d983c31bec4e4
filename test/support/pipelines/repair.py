"""Pipelines that fail where a test wants them to: python repair.py compiles them (stock KFP SDK 2.17.0)."""

from pathlib import Path

from kfp import compiler, dsl


@dsl.component
def fetch(rows: int, data: dsl.Output[dsl.Dataset]):
    with open(data.path, "w") as file:
        file.write("\n".join(str(row) for row in range(rows)))


@dsl.component
def clean(data: dsl.Input[dsl.Dataset], cleaned: dsl.Output[dsl.Dataset]):
    with open(data.path) as source, open(cleaned.path, "w") as file:
        file.write(source.read().replace("0", "1"))


@dsl.component
def fit(cleaned: dsl.Input[dsl.Dataset], depth: int, model: dsl.Output[dsl.Model]):
    with open(cleaned.path) as source, open(model.path, "w") as file:
        file.write(f"{depth}: {len(source.read())}")


@dsl.component
def judge(model: dsl.Input[dsl.Model], limit: float) -> float:
    if limit > 1:
        raise SystemExit(f"limit must be at most 1, not {limit}")
    with open(model.path) as source:
        return len(source.read()) / 100


@dsl.component
def announce(score: float) -> str:
    return f"score {score}"


@dsl.component
def needs_file(number: int, path: str) -> int:
    import os

    if number == 2 and not os.path.exists(path):
        raise SystemExit(f"{path} is not there")
    return number * 10


@dsl.component
def total(numbers: list) -> int:
    return sum(numbers)


@dsl.component
def wait_for(path: str) -> str:
    import os
    import time

    while not os.path.exists(path):
        time.sleep(0.05)
    return path


@dsl.component
def echo(text: str) -> str:
    return text


@dsl.component
def dice(seed: int, rolled: dsl.Output[dsl.Dataset]):
    import os

    with open(rolled.path, "w") as file:
        file.write(os.urandom(8).hex())


@dsl.pipeline(name="five-stages")
def five_stages(rows: int = 20, depth: int = 3, limit: float = 0.5) -> str:
    fetched = fetch(rows=rows)
    cleaned = clean(data=fetched.outputs["data"]).set_caching_options(False)
    fitted = fit(cleaned=cleaned.outputs["cleaned"], depth=depth)
    judged = judge(model=fitted.outputs["model"], limit=limit)
    return announce(score=judged.output).output


@dsl.pipeline(name="groups")
def groups(numbers: list, path: str, text: str = "bye"):
    last = echo(text=text)
    with dsl.ExitHandler(last):
        with dsl.ParallelFor(items=numbers) as number:
            checked = needs_file(number=number, path=path).set_caching_options(False)
        summed = total(numbers=dsl.Collected(checked.output))
        with dsl.If(summed.output > 20):
            echo(text="many")
        with dsl.Else():
            echo(text="few")


@dsl.pipeline(name="waiting")
def waiting(path: str, text: str = "after"):
    last = echo(text="cleaned up")
    with dsl.ExitHandler(last):
        waited = wait_for(path=path)
        echo(text=text).after(waited)


@dsl.pipeline(name="random")
def random(seed: int = 1):
    rolled = dice(seed=seed)
    clean(data=rolled.outputs["rolled"])


for pipeline in (five_stages, groups, waiting, random):
    compiler.Compiler().compile(pipeline, str(Path(__file__).with_name(f"{pipeline.name}.yaml")))
