"""Writes the protobuf descriptors of KFP's pipeline spec to standard output.

The bytes are a serialised google.protobuf.FileDescriptorSet: the pipeline spec
(PyPI: kfp-pipeline-spec), the Kubernetes executor config (PyPI: kfp-kubernetes)
and all that they import, dependencies first. bin/generate-ir.mjs turns them
into src/ir/generated. The modules are loaded by file, since importing the
package kfp.kubernetes would need the whole KFP SDK.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from types import ModuleType

from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import FileDescriptor

SOURCES = {
    "kfp-pipeline-spec": "pipeline_spec_pb2",
    "kfp-kubernetes": "kubernetes_executor_config_pb2",
}


def load_generated(distribution: str, module_name: str) -> ModuleType:
    """Loads one generated protobuf module of an installed distribution.

    Args:
        distribution: name on PyPI.
        module_name: file name without `.py`.

    Raises:
        importlib.metadata.PackageNotFoundError: if it is not installed.
        FileNotFoundError: if it holds no such module.
    """
    for file in importlib.metadata.files(distribution) or []:
        if file.name == f"{module_name}.py":
            spec = importlib.util.spec_from_file_location(module_name, file.locate())
            if spec is None or spec.loader is None:
                raise ImportError(f"{file.locate()} cannot be imported")
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise FileNotFoundError(f"{distribution} holds no {module_name}.py")


def add_file(file: FileDescriptor, into: dict[str, FileDescriptor]) -> None:
    """Adds a file after everything it imports; names already there are left alone."""
    if file.name in into:
        return
    for dependency in file.dependencies:
        add_file(dependency, into)
    into[file.name] = file


def main() -> None:
    """Writes the descriptor set to standard output and the versions to standard error."""
    files: dict[str, FileDescriptor] = {}
    for distribution, module_name in SOURCES.items():
        add_file(load_generated(distribution, module_name).DESCRIPTOR, files)
        print(f"{distribution} {importlib.metadata.version(distribution)}", file=sys.stderr)

    descriptors = descriptor_pb2.FileDescriptorSet()
    for file in files.values():
        file.CopyToProto(descriptors.file.add())
    sys.stdout.buffer.write(descriptors.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
