"""Compiles the pipelines that bin/record-histories.mjs runs: python compile.py (stock KFP SDK 2.17.0)."""

from pathlib import Path

from kfp import compiler, dsl


@dsl.component
def echo(text: str) -> str:
    return text


@dsl.component
def square(number: int) -> int:
    return number * number


@dsl.component
def total(numbers: list) -> int:
    return sum(numbers)


@dsl.component
def sleep_for(seconds: int) -> str:
    import time

    time.sleep(seconds)
    return f"slept {seconds} s"


@dsl.component
def refuse(text: str) -> str:
    raise SystemExit(f"refused: {text}")


@dsl.pipeline(name="branches")
def branches(number: int) -> str:
    with dsl.If(number == 0):
        zero = echo(text="zero")
    with dsl.Elif(number == 1):
        one = echo(text="one")
    with dsl.Else():
        many = echo(text="many")
    return dsl.OneOf(zero.output, one.output, many.output)


@dsl.pipeline(name="loop")
def loop(numbers: list) -> int:
    with dsl.ParallelFor(items=numbers, parallelism=2) as number:
        squared = square(number=number)
    return total(numbers=dsl.Collected(squared.output)).output


@dsl.pipeline(name="cleanup")
def cleanup(seconds: int):
    last = echo(text="cleaned up")
    with dsl.ExitHandler(last):
        slept = sleep_for(seconds=seconds)
        echo(text=slept.output)


@dsl.pipeline(name="failing")
def failing():
    first = echo(text="before")
    refused = refuse(text=first.output)
    echo(text=refused.output)


for pipeline in (branches, loop, cleanup, failing):
    compiler.Compiler().compile(pipeline, str(Path(__file__).with_name(f"{pipeline.name}.yaml")))
