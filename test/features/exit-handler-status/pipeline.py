from kfp import dsl


@dsl.component
def fail(reason: str):
    raise SystemExit(reason)


@dsl.component
def succeed() -> str:
    return "done"


@dsl.component
def report(status: dsl.PipelineTaskFinalStatus) -> str:
    return f"{status.pipeline_task_name} {status.state}"


@dsl.pipeline(name="exit-handler-status")
def pipeline(reason: str = "on purpose"):
    ending = report()
    with dsl.ExitHandler(ending, name="body"):
        fail(reason=reason)
        succeed()
