from kfp import dsl


@dsl.component
def say(text: str) -> str:
    return text


@dsl.component
def deploy(text: str) -> str:
    return f"deployed {text}"


@dsl.pipeline(name="conditions-are-data")
def pipeline(verdict: str, wanted: str = "it's fine"):
    said = say(text=verdict)
    with dsl.If(said.output == "yes", name="gate"):
        deploy(text=said.output)
    with dsl.If(said.output == wanted, name="apostrophe"):
        deploy(text=said.output)
