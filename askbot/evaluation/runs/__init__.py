"""Runs: asking, the folder that a run is, and going on with one that was broken off."""
