"""`python -m api` is `jipu`."""

from api.cli import main

main()
