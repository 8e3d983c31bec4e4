"""One pipeline, compiled by several releases of the KFP SDK: python pipeline.py OUTPUT.yaml"""

import sys

from kfp import compiler, dsl
from kfp.dsl import Dataset, Input, Metrics, Output


@dsl.component
def make_rows(count: int, rows: Output[Dataset]) -> int:
    with open(rows.path, "w") as file:
        file.write("\n".join(str(number) for number in range(count)))
    rows.metadata["count"] = count
    return count


@dsl.component
def total_of(rows: Input[Dataset], weight: float, metrics: Output[Metrics]) -> float:
    with open(rows.path) as file:
        total = weight * sum(int(line) for line in file)
    metrics.log_metric("total", total)
    return total


@dsl.component
def label(text: str, numbers: list = [1, 2], options: dict = {"a": True}) -> str:
    return f"{text} {sum(numbers)} {options['a']}"


@dsl.component
def note(status: dsl.PipelineTaskFinalStatus):
    print(status.state)


@dsl.pipeline(name="sdk-versions")
def pipeline(count: int = 4) -> str:
    after = note()
    with dsl.ExitHandler(after):
        made = make_rows(count=count)
        counted = total_of(rows=made.outputs["rows"], weight=0.5)
        with dsl.Condition(counted.outputs["Output"] > 2.5):
            label(text="large")
        with dsl.ParallelFor(["x", "y"]) as item:
            label(text=item)
    return label(text="end").set_retry(1).output


if __name__ == "__main__":
    compiler.Compiler().compile(pipeline, sys.argv[1])
