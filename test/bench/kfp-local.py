"""Runs one compiled pipeline with KFP's own local runner, without a virtual environment of its own.

Use: python kfp-local.py FILE ARGUMENTS_JSON ROOT; prints one JSON line: state and seconds.
"""

import json
import sys
import time
import warnings

warnings.simplefilter("ignore")


def main() -> None:
    from kfp import components, local

    file, arguments, root = sys.argv[1:4]
    begin = time.perf_counter()
    try:
        local.init(
            runner=local.SubprocessRunner(use_venv=False), pipeline_root=root, raise_on_error=True
        )
        components.load_component_from_file(file)(**json.loads(arguments))
        state, reason = "succeeded", None
    except BaseException as error:  # whatever ends it: this is what the bench counts
        state, reason = "failed", f"{type(error).__name__}: {error}"[:300]
    seconds = time.perf_counter() - begin
    print(json.dumps({"state": state, "seconds": seconds, "reason": reason}))


main()
