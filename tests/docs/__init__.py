"""The parts of README.md that are made from the code."""
