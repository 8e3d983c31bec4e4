"""From a table to a model and its honest score."""
