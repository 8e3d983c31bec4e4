from typing import Dict, List

from kfp import dsl


@dsl.container_component
def show(
    text: str, numbers: List[int], settings: Dict[str, int], ratio: float, output: dsl.OutputPath(str)
):
    return dsl.ContainerSpec(
        image="alpine",
        command=["sh", "-c", 'mkdir -p "$(dirname "$0")"; printf "%s|" "$@" > "$0"', output],
        args=[
            text,
            dsl.ConcatPlaceholder(["--numbers=", numbers]),
            settings,
            ratio,
            f"--label={text}!",
        ],
    )


@dsl.component
def echo(text: str) -> str:
    return text


@dsl.pipeline(name="placeholders")
def pipeline(text: str = "$(touch pwned) {{$.inputs.parameters['ratio']}} \"quoted\""):
    show(text=text, numbers=[1, 2], settings={"b": 1, "a": 2}, ratio=100.0)
    echo(text=f"{text} and more")
