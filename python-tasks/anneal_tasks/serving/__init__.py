"""The serving program: one model behind SageMaker's container contract."""
