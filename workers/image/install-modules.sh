#!/bin/sh
# Puts the Node packages of a build stage in place: those that `npm run images` prepared, else all of the lockfile's.
#
#   install-modules.sh PREPARED
set -eu
if [ -d "$1/node_modules" ]; then
  mv "$1/node_modules" node_modules
  sh "$(dirname "$0")/slim-modules.sh" node_modules
else
  npm ci --include=dev --ignore-scripts --no-audit --no-fund
fi
