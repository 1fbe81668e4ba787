"""A real VM for the tests: its own kernel and clock, sshd, Docker, a shared folder; in QEMU, without KVM.

`tests.vm.fixtures` for pytest, `python -m tests.vm` for a developer.
"""
