"""SageMaker's bring-your-own-container contract: `docker run IMAGE train`, or `serve`."""
