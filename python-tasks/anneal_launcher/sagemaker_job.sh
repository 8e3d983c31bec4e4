# Starts one task inside a SageMaker job, and tells what became of it. Plain POSIX sh: nothing else is sure to be in
# an image.
#
# Use: sh sagemaker_job.sh <launch folder> <task folder> <message file> [<checkpoint folder>]
#
# L1. Values are lines of the files `arguments` and `environment`, written for `printf %b`: the shell reads them as
#     data and never as code.
# L2. A stopped job is told so by TERM, which goes on to the task.
# L3. After a failure the message file holds `anneal-exit <code>` and what the task says of its failure: AWS hands on its first 1 KB.
# L4. SageMaker does not upload links: one that stands for a file becomes that file. The digests of the outputs are
#     written beside them, so that what arrives can be compared with what was here.

launch=$1
task=$2
message=$3
checkpoints=${4:-}

state=$task/_anneal
mkdir -p "$task/outputs" "$task/parameters" "$state" "$(dirname "$message")" || exit 125

while IFS= read -r line; do
  pair=$(printf '%bx' "$line")
  pair=${pair%x}
  export "${pair%%=*}=${pair#*=}"
done <"$launch/environment"
ANNEAL_ERROR_FILE=$state/error.json
export ANNEAL_ERROR_FILE
if [ -n "$checkpoints" ]; then
  mkdir -p "$checkpoints"
  ANNEAL_CHECKPOINT_DIR=$checkpoints
  export ANNEAL_CHECKPOINT_DIR
fi

set --
while IFS= read -r line; do
  value=$(printf '%bx' "$line")
  set -- "$@" "${value%x}"
done <"$launch/arguments"

child=
pass_on() {
  [ -n "$child" ] && kill -TERM "$child" 2>/dev/null
}
trap pass_on TERM INT

"$@" </dev/null &
child=$!
wait "$child"
code=$?
# A signal ends `wait` early; the task's own end is what counts.
while kill -0 "$child" 2>/dev/null; do
  wait "$child"
  code=$?
done

if [ "$code" -ne 0 ]; then
  {
    echo "anneal-exit $code"
    if [ -f "$ANNEAL_ERROR_FILE" ]; then dd if="$ANNEAL_ERROR_FILE" bs=900 count=1 2>/dev/null; fi
  } >"$message"
  exit "$code"
fi

cd "$task" || exit 125
find . -type l | while IFS= read -r link; do
  if [ -f "$link" ]; then cp -L "$link" "$link.anneal" && mv -f "$link.anneal" "$link"; fi
done
if command -v sha256sum >/dev/null 2>&1; then
  find . -type f ! -path './_anneal/*' -exec sha256sum {} + >"$state/digests"
fi
