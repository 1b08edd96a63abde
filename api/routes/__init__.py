"""One module a group of addresses; each parses, authorises, calls and shapes."""
