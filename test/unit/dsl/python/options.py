"""The pipelines of option-twins.ts, written with the stock KFP SDK: prints their documents as JSON by name."""

import json
import sys
from typing import List, Optional

from documents import documents_of
from kfp import dsl
from kfp.dsl import Artifact, Dataset, Input, Model, Output, PipelineTaskFinalStatus

IMAGE = "python:3.11"


@dsl.container_component
def say(text: str, said: dsl.OutputPath(str), mood: str = "calm"):
    return dsl.ContainerSpec(image=IMAGE, command=["say", text])


@dsl.container_component
def notify(status: PipelineTaskFinalStatus, channel: str = "ops"):
    return dsl.ContainerSpec(image=IMAGE, command=["notify", status], args=["--channel", channel])


@dsl.container_component
def fit(
    data: Input[Dataset],
    model: Output[Model],
    trees: Optional[int] = None,
    name: str = "forest",
    previous: Input[Model] = None,
):
    return dsl.ContainerSpec(
        image=IMAGE,
        command=["fit", dsl.ConcatPlaceholder(["--data=", data.path, "?as=", data.metadata["format"]])],
        args=[
            dsl.IfPresentPlaceholder("trees", then=["--trees", trees], else_=["--default"]),
            dsl.IfPresentPlaceholder("previous", then=["--previous", previous.uri]),
            dsl.ConcatPlaceholder(
                ["name='", dsl.IfPresentPlaceholder("name", then=dsl.ConcatPlaceholder([name, " \"ü\""]), else_="none"), "'"]
            ),
            "--model",
            model.path,
            "--run",
            dsl.PIPELINE_JOB_NAME_PLACEHOLDER,
        ],
    )


@dsl.container_component
def merge(models: Input[List[Model]], merged: Output[Artifact]):
    return dsl.ContainerSpec(image=IMAGE, command=["merge", models], args=[merged.path])


@dsl.pipeline(name="exits")
def exits(word: str = "w"):
    first = say(text="first")
    bye = notify(channel=word)
    bye.set_env_variable("LEVEL", "high")
    with dsl.ExitHandler(bye, name="clean up") as handler:
        one = say(text=first.outputs["said"])
        with dsl.If(one.outputs["said"] == word):
            say(text="inside")
    after = say(text="after").after(handler)
    leave = notify()
    with dsl.ExitHandler(leave):
        say(text=word).after(after)


@dsl.pipeline(name="ignoring")
def ignoring(word: str):
    risky = say(text=word)
    told = notify(channel="told").after(risky).ignore_upstream_failure()
    say(text=word, mood=risky.outputs["said"]).ignore_upstream_failure().after(told)
    with dsl.ParallelFor(["a", "b"]) as item:
        inner = say(text=item)
        notify(channel=item).after(inner).ignore_upstream_failure()


@dsl.pipeline(name="leaving")
def leaving(word: str):
    with dsl.ExitHandler(notify()):
        say(text=word)


@dsl.pipeline(name="resources")
def resources(data: Input[Dataset], size: str = "4Gi"):
    task = fit(data=data, trees=3)
    task.set_cpu_request("500m").set_cpu_limit("2").set_memory_request("512Mi").set_memory_limit(size)
    task.set_accelerator_type("nvidia.com/gpu").set_accelerator_limit(2)
    task.set_caching_options(True, cache_key="forest-1")
    task.set_env_variable("THREADS", "2").set_env_variable("MODE", "fast")
    # What kfp.kubernetes.set_timeout writes.
    task.platform_config["kubernetes"] = {"activeDeadlineSeconds": "3600"}
    amount = say(text="how much?")
    with dsl.If(amount.outputs["said"] != ""):
        second = fit(data=data, previous=task.outputs["model"])
        second.set_memory_limit(amount.outputs["said"]).set_cpu_limit("0.25")
        second.set_accelerator_type(amount.outputs["said"])
    third = fit(data=data, trees=1, name="t")
    third.set_memory_limit("7M").set_memory_request("100")
    leaving(word=size)


@dsl.pipeline(name="lists")
def lists(data: Input[Dataset], words: List[str], count: Optional[int] = None):
    with dsl.ParallelFor(words) as word:
        task = fit(data=data, name=word, trees=count)
    merge(models=dsl.Collected(task.outputs["model"]))


json.dump({part.name: documents_of(part) for part in [exits, ignoring, resources, lists]}, sys.stdout)
