from typing import List

from kfp import dsl


@dsl.component
def double_slowly(number: int) -> int:
    import time

    time.sleep((4 - number) * 0.2)  # the last item is ready first
    return 2 * number


@dsl.component
def write(number: int, file: dsl.Output[dsl.Dataset]):
    with open(file.path, "w") as text:
        text.write(str(number))


@dsl.component
def join(numbers: List[int]) -> str:
    return "+".join(str(number) for number in numbers)


@dsl.component
def read(files: dsl.Input[List[dsl.Dataset]]) -> str:
    return "+".join(open(file.path).read() for file in files)


@dsl.component
def no_items() -> List[int]:
    return []


@dsl.pipeline(name="collected-outputs")
def pipeline():
    with dsl.ParallelFor([1, 2, 3]) as number:
        doubled = double_slowly(number=number)
        written = write(number=number)
    join(numbers=dsl.Collected(doubled.output))
    read(files=dsl.Collected(written.outputs["file"]))
    with dsl.ParallelFor(no_items().output) as nothing:
        none = double_slowly(number=nothing)
    join(numbers=dsl.Collected(none.output))
