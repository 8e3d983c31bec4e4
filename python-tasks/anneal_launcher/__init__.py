"""Starts, watches and ends one task's processes; standard library only, Python 3.9 or newer.

Modules:
    zygote: a warm interpreter that forks one supervisor per task.
    supervise: the supervisor of one execution; also a command of its own.
    run_python: what a forked child does to become ``python -m <module>``.
    satisfied: tells whether an environment already meets a list of requirements.
"""
