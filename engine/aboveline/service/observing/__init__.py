"""What can be seen of the service while it runs: logs, metrics, traces. None of it tells of a case."""
