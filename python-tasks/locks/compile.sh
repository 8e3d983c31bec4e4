#!/bin/sh
# Resolves the .in files again and writes the hashed locks beside them; needs uv on the PATH.
set -eu
cd "$(dirname "$0")"
unset PIP_FIND_LINKS UV_FIND_LINKS
resolve() {
  uv pip compile --universal --python-version 3.10 --generate-hashes --no-emit-index-url \
    --no-emit-find-links --custom-compile-command 'sh python-tasks/locks/compile.sh' --quiet "$@"
}
resolve uv.in --output-file uv.txt
resolve base.in --output-file base.txt --config-file base-settings.toml
resolve transfer.in --output-file transfer.txt --no-config
resolve dev.in --output-file dev.txt --no-config
resolve mlflow.in --output-file mlflow.txt --no-config
