"""A place apart for what tests start: `python -m tests.apart COMMAND…` runs it where nothing else of the machine is.

It has a network of its own (published ports are on its own 127.0.0.1), processes of its own, an empty /run (so no
engine's socket), a copy of /etc and an empty home folder. Outwards it reaches what this machine reaches. Nothing of it
is left on the machine when the command ends, or when it is killed. Standard library only.
"""
