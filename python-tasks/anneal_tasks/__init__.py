"""Anneal's Kubeflow components and serving program."""

__version__ = "0.1.0"
