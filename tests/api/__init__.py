"""The way in: command line and HTTP."""
