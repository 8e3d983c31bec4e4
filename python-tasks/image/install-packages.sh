#!/bin/sh
# Puts locked packages into a folder of the image under construction; a build stage calls it.
#
#   install-packages.sh FOLDER PREPARED LOCK…
#
# The folder PREPARED/packages is taken where the build's context has it, as with `npm run images`; else the packages
# are fetched, with the uv that locks/uv.txt names.
set -eu
folder=$1 prepared=$2
shift 2
here=$(dirname "$0")

if [ -d "$prepared/packages" ]; then
  cp -R "$prepared/packages" "$folder"
else
  python3 -m pip install --quiet --no-cache-dir --require-hashes --target /tmp/uv -r "$here/../locks/uv.txt"
  UV=/tmp/uv/bin/uv sh "$here/fetch-packages.sh" "$folder" "$(uname -m)" "$@"
fi

# Tests of the libraries are a good part of their size; programs in bin name a Python that is not the image's.
for library in numpy pandas scipy sklearn; do
  [ ! -d "$folder/$library" ] || find "$folder/$library" -type d -name tests -prune -exec rm -rf {} +
done
rm -rf "$folder/bin" "$folder/.lock"
