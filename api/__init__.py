"""The way in for people and programs: command line and HTTP."""
