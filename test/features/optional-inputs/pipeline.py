from typing import Optional

from kfp import dsl


@dsl.component
def tell(given: Optional[str] = None, default: str = "its default") -> str:
    return f"{given} / {default}"


@dsl.container_component
def arguments(output: dsl.OutputPath(str), given: Optional[str] = None):
    return dsl.ContainerSpec(
        image="alpine",
        command=["sh", "-c", 'mkdir -p "$(dirname "$0")"; printf "%s" "$#:$*" > "$0"', output],
        args=[dsl.IfPresentPlaceholder("given", then=["--given", given], else_=["--none"])],
    )


@dsl.pipeline
def inner(given: Optional[str] = None) -> str:
    return tell(given=given).output


@dsl.pipeline(name="optional-inputs")
def pipeline(given: Optional[str] = None):
    tell().set_display_name("left out")
    tell(given=given).set_display_name("passed on")
    inner(given=given)
    arguments(given=given)
    arguments(given="here")
