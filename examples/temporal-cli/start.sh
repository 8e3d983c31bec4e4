#!/bin/sh
# Starts the churn pipeline with the stock Temporal CLI, waits for it, and shows what the gate decided.
#
#   TEMPORAL_ADDRESS=… sh start.sh DATA [TREES]
set -eu

data_path=${1:?Usage: sh start.sh DATA [TREES]}
trees=${2:-100}
run_id="churn-$(date -u +%Y%m%dT%H%M%S)-$$"

# The path goes into JSON: quotes and backslashes need an escape.
escaped=$(printf '%s' "$data_path" | sed 's/[\\"]/\\&/g')

temporal workflow start --task-queue anneal --type ml-training-pipeline --workflow-id "$run_id" \
  --input "{\"data_path\": \"$escaped\", \"n_estimators\": $trees}" >&2

temporal workflow result --workflow-id "$run_id" --output json

temporal workflow list --query "WorkflowId=\"$run_id\" AND AnnealOutcome IS NOT NULL" >&2
