"""Measurements that print a small table and the command that repeats them."""
