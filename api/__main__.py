"""`python -m api` is `assistant`."""

from api.cli import main

main()
