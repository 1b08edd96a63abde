"""Official pages, fetched into files that the ordinary pipeline then reads."""
