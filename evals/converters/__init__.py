"""From public sets, as they are published or lie prepared, to the neutral format; one module for each."""
