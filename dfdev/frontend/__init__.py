"""The front end: its container, its modules, and the tools that run there as if they were local."""
