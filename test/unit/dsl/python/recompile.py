"""Loads pipelines with the stock KFP SDK and compiles them again.

Reads a JSON list of pipelines (as YAML text of one or two documents) from standard input and writes
a JSON list of what the SDK compiles from them, documents by documents.
"""

import json
import sys

from documents import documents_of
from kfp import components

json.dump(
    [documents_of(components.load_component_from_text(text)) for text in json.load(sys.stdin)],
    sys.stdout,
)
