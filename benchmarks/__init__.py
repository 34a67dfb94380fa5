"""Benchmarks: what the project costs, beside its peers and at a size that no test has."""
