#!/bin/sh
# Removes what production packages bring along and no worker loads: types, source maps, and Temporal's native part for
# other machines, with its Rust source.
#
#   slim-modules.sh NODE_MODULES
set -eu
find "$1" -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
bridge=$1/@temporalio/core-bridge
for release in "$bridge"/releases/*; do
  case $(basename "$release") in
    "$(uname -m)"-unknown-linux-gnu) ;;
    *) rm -rf "$release" ;;
  esac
done
rm -rf "$bridge/sdk-core"
