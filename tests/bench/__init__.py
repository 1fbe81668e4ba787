"""dfdev against `docker compose`: the same services, the same engine, one run. `python -m tests.bench` does it all.

Whole processes are measured (wall clock, CPU, peak memory of the process tree), taking turns, after a warm-up; every
command's effect is checked, so that a broken one cannot look fast. Standard library only.
"""
