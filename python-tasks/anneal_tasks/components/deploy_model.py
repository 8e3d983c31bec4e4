"""The interface of deploy_model, a task that Anneal's deployer carries out itself."""

from kfp.dsl import Input, Metrics, Model

from anneal_tasks.component import component
from anneal_tasks.errors import DataError, reported_errors


@component
def deploy_model(
    model: Input[Model],
    evaluation: Input[Metrics],
    endpoint_name: str = "churn-model-prod",
    instance_type: str = "ml.t2.medium",
):
    """Deploys an evaluated model to an endpoint.

    Args:
        model: Model folder that `train` wrote.
        evaluation: Metrics that `evaluate` measured on this very model.
        endpoint_name: Endpoint to create or update.
        instance_type: SageMaker instance type; a local endpoint has no use for it.
    """
    with reported_errors():
        raise DataError(
            "E_DEPLOY",
            f"deploy_model cannot put {model.name or 'a model'} on {endpoint_name}"
            f" ({instance_type}) by itself: its Python body does nothing.",
            "Run the pipeline with Anneal, whose deployer carries this task out"
            f" once it has checked {evaluation.name or 'the evaluation'}.",
        )
