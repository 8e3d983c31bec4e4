#!/bin/sh
# Brings the compiled worker into a build stage: as `npm run images` compiled it, else compiled here from the sources.
#
#   build-app.sh FOLDER      holds dist, or sources/src and sources/workers
set -eu
if [ -d "$1/dist/src" ]; then
  mv "$1/dist" dist
else
  mv "$1/sources/src" "$1/sources/workers" .
  npm run build
  npm prune --omit=dev --ignore-scripts --no-audit --no-fund
  sh "$(dirname "$0")/slim-modules.sh" node_modules
  rm -rf src workers
fi
find dist -type f \( -name '*.map' -o -name '*.d.ts' -o -name '.*' -o -name LICENSE \) -delete
