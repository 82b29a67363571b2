"""The way in for people and programs: command line and HTTP."""

VERSION = "0.1.0"
