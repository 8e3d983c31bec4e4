"""The pipelines of twins.ts, written with the stock KFP SDK: prints their documents as JSON by name."""

import json
import sys
from typing import List, NamedTuple

from documents import documents_of
from kfp import dsl
from kfp.dsl import Artifact, ClassificationMetrics, Dataset, Input, Metrics, Model, Output

IMAGE = "python:3.11"


@dsl.container_component
def prepare(raw: Input[Dataset], train_data: Output[Dataset], test_data: Output[Dataset], share: float = 0.2, note: str = ""):
    return dsl.ContainerSpec(image=IMAGE, command=["prepare"], args=["--raw", raw.path, "--share", share, "--train", train_data.path, "--test", test_data.uri])


@dsl.container_component
def fit(train_data: Input[Dataset], model: Output[Model], metrics: Output[Metrics], trees: int = 100):
    return dsl.ContainerSpec(image=IMAGE, command=["fit"], args=["--trees", trees])


@dsl.container_component
def score(model: Input[Model], test_data: Input[Dataset], report: Output[ClassificationMetrics], passed: dsl.OutputPath(bool), accuracy: dsl.OutputPath(float), rows: dsl.OutputPath(int), label: dsl.OutputPath(str)):
    return dsl.ContainerSpec(image=IMAGE, command=["score"], args=["--passed", passed])


@dsl.container_component
def deploy(model: Input[Model], endpoint: str):
    return dsl.ContainerSpec(image=IMAGE, command=["deploy"])


@dsl.container_component
def say(text: str, said: dsl.OutputPath(str), settings: dict = {"a": [1, True]}, words: list = ["x"]):
    return dsl.ContainerSpec(image=IMAGE, command=["say", text])


@dsl.container_component
def show(anything: Input[Artifact]):
    return dsl.ContainerSpec(image=IMAGE)


@dsl.pipeline(name="gate", description="Train, and deploy behind a gate.")
def gate(path: str, trees: int = 10, endpoint: str = "e", share: float = 0.5) -> NamedTuple("Outputs", passed=bool, model=Model):
    raw = dsl.importer(artifact_uri=path, artifact_class=Dataset, reimport=True, metadata={"source": "crm"})
    parts = prepare(raw=raw.output, share=share)
    fitted = fit(train_data=parts.outputs["train_data"], trees=trees)
    fitted.set_retry(num_retries=3, backoff_duration="10s", backoff_factor=1.5, backoff_max_duration="60s")
    fitted.set_display_name("Fit the forest")
    scored = score(model=fitted.outputs["model"], test_data=parts.outputs["test_data"])
    with dsl.If(scored.outputs["passed"] == True, name="deploy-condition"):
        deployed = deploy(model=fitted.outputs["model"], endpoint=endpoint)
        deployed.set_caching_options(False)
    show(anything=scored.outputs["report"]).after(parts)
    outputs = NamedTuple("Outputs", passed=bool, model=Model)
    return outputs(passed=scored.outputs["passed"], model=fitted.outputs["model"])


@dsl.pipeline(name="fixed-import")
def fixed_import():
    raw = dsl.importer(artifact_uri="gs://bucket/data.csv", artifact_class=Dataset)
    show(anything=raw.output)


@dsl.pipeline(name="comparisons")
def comparisons(model: Input[Model], data: Input[Dataset], limit: int = 3, share: float = 0.5, on: bool = True, word: str = "w"):
    scored = score(model=model, test_data=data)
    with dsl.If(scored.outputs["rows"] > 2):
        say(text="a")
    with dsl.If(scored.outputs["rows"] >= limit):
        say(text="b")
    with dsl.If(scored.outputs["rows"] < 2.5):
        say(text="c")
    with dsl.If(scored.outputs["accuracy"] <= share):
        say(text="d")
    with dsl.If(scored.outputs["accuracy"] != 0.25):
        say(text="e")
    with dsl.If(on == False):
        say(text="f")
    with dsl.If(word == "yes"):
        say(text=word)
    with dsl.If(scored.outputs["label"] != word):
        say(text=scored.outputs["label"])
    with dsl.If(scored.outputs["rows"] == scored.outputs["accuracy"]):
        say(text="g")


@dsl.pipeline(name="branches")
def branches(word: str, limit: int = 3) -> str:
    first = say(text=word)
    with dsl.If(first.outputs["said"] == "high"):
        a = say(text="1")
        with dsl.If(limit > 2):
            say(text=word).after(a)
    with dsl.Elif(first.outputs["said"] == "low"):
        b = say(text=first.outputs["said"])
    with dsl.Else():
        c = say(text=f"neither high nor low: {first.outputs['said']} of {word}")
    chosen = dsl.OneOf(a.outputs["said"], b.outputs["said"], c.outputs["said"])
    say(text=chosen)
    return chosen


@dsl.container_component
def count(words: list, model_list: Input[List[Model]], said: dsl.OutputPath(str)):
    return dsl.ContainerSpec(image=IMAGE)


@dsl.pipeline(name="loops")
def loops(word: str, data: Input[Dataset], words: List[str]) -> NamedTuple("Outputs", models=List[Model]):
    first = say(text=word)
    with dsl.ParallelFor(words, parallelism=2, name="each word") as item:
        fitted = fit(train_data=data)
        said = say(text=f"{item} after {first.outputs['said']}")
        with dsl.If(item == "twice"):
            say(text=item)
    count(words=dsl.Collected(said.outputs["said"]), model_list=dsl.Collected(fitted.outputs["model"]))
    with dsl.ParallelFor([{"trees": 10}, {"trees": 99}]) as size:
        fit(train_data=data, trees=size.trees)
    outputs = NamedTuple("Outputs", models=List[Model])
    return outputs(models=dsl.Collected(fitted.outputs["model"]))


@dsl.pipeline(name="over-artifacts")
def over_artifacts(models: Input[List[Model]]):
    with dsl.ParallelFor(models) as model:
        deploy(model=model, endpoint="e")


@dsl.pipeline(name="inner")
def inner(word: str, times: int = 2) -> str:
    repeated = say(text=word)
    with dsl.If(times > 1):
        say(text=repeated.outputs["said"])
    return repeated.outputs["said"]


@dsl.pipeline(name="outer")
def outer(word: str):
    one = inner(word=word)
    two = inner(word=one.output, times=1)
    say(text=two.output)


json.dump({name: documents_of(part) for name, part in {
    "gate": gate,
    "fixed-import": fixed_import,
    "comparisons": comparisons,
    "branches": branches,
    "loops": loops,
    "over-artifacts": over_artifacts,
    "outer": outer,
}.items()}, sys.stdout)
