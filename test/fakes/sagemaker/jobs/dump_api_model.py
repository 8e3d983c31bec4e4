"""Prints the shapes that the inputs of SageMaker operations consist of, as JSON, from botocore's API model.

Use: python dump_api_model.py CreateProcessingJob StopProcessingJob ...
"""

import json
import sys

import botocore.loaders

_KEPT = ("type", "min", "max", "pattern", "enum", "required")


def main() -> None:
    model = botocore.loaders.Loader().load_service_model("sagemaker", "service-2")
    shapes, wanted = {}, []
    for operation in sys.argv[1:]:
        wanted.append(model["operations"][operation]["input"]["shape"])
    while wanted:
        name = wanted.pop()
        if name in shapes:
            continue
        shape = model["shapes"][name]
        kept = {key: shape[key] for key in _KEPT if key in shape}
        for part in ("member", "key", "value"):
            if part in shape:
                kept[part] = shape[part]["shape"]
        if "members" in shape:
            kept["members"] = {key: each["shape"] for key, each in shape["members"].items()}
        wanted += [kept[part] for part in ("member", "key", "value") if part in kept]
        wanted += kept.get("members", {}).values()
        shapes[name] = kept
    inputs = {name: model["operations"][name]["input"]["shape"] for name in sys.argv[1:]}
    json.dump({"inputs": inputs, "shapes": shapes}, sys.stdout)


if __name__ == "__main__":
    main()
