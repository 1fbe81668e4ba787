"""The database with all its fixtures: built, reset, snapshot, restored, loaded and looked at."""
