"""Writes AWS's own rules for requests, from botocore's description of the services.

Usage: python dump_aws_api.py > src/devserver/fake-sagemaker/aws-api.generated.ts

Kept are the inputs' shapes: types, required members, lengths, ranges, patterns and values.
"""

import json

import botocore
import botocore.loaders

OPERATIONS = {
    "sagemaker": [
        "AddTags",
        "CreateEndpoint",
        "CreateEndpointConfig",
        "CreateModel",
        "DeleteEndpoint",
        "DeleteEndpointConfig",
        "DeleteModel",
        "DescribeEndpoint",
        "DescribeEndpointConfig",
        "DescribeModel",
        "ListEndpointConfigs",
        "ListEndpoints",
        "ListTags",
        "UpdateEndpoint",
        "UpdateEndpointWeightsAndCapacities",
        "CreateProcessingJob",
        "DescribeProcessingJob",
        "StopProcessingJob",
        "CreateTrainingJob",
        "DescribeTrainingJob",
        "StopTrainingJob",
        "CreateModelPackage",
        "CreateModelPackageGroup",
        "DescribeModelPackage",
        "ListModelPackageGroups",
        "ListModelPackages",
        "UpdateModelPackage",
    ],
    "cloudwatch": ["DeleteAlarms", "DescribeAlarms", "PutMetricAlarm", "SetAlarmState"],
    "application-autoscaling": [
        "DeregisterScalableTarget",
        "DescribeScalableTargets",
        "DescribeScalingPolicies",
        "PutScalingPolicy",
        "RegisterScalableTarget",
    ],
}
_KEPT = ("type", "min", "max", "pattern", "enum", "required")
_HEAD = """// AWS's rules for requests, from botocore {version}.
// Made by python-tasks/tools/dump_aws_api.py; do not edit.
import type {{ AwsApi }} from './aws-api.js';

export const AWS_API: Record<'sagemaker' | 'cloudwatch' | 'application-autoscaling', AwsApi> = {{
"""


def main() -> None:
    """Prints the module."""
    print(_HEAD.format(version=botocore.__version__), end="")
    for service, operations in OPERATIONS.items():
        api = _dump(service, operations)
        print(f"  {json.dumps(service)}: {{")
        print(f"    inputs: {json.dumps(api['inputs'])},\n    shapes: {{")
        for name in sorted(api["shapes"]):
            shape = json.dumps(api["shapes"][name], separators=(",", ":"))
            print(f"      {json.dumps(name)}: {shape},")
        print("    },\n  },")
    print("};")


def _dump(service: str, operations: list[str]) -> dict:
    model = botocore.loaders.Loader().load_service_model(service, "service-2")
    inputs = {name: model["operations"][name]["input"]["shape"] for name in operations}
    shapes, wanted = {}, list(inputs.values())
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
    return {"inputs": inputs, "shapes": shapes}


if __name__ == "__main__":
    main()
