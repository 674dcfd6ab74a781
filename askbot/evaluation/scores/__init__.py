"""What answers are worth: metrics, their intervals, reports, gates and comparisons."""
