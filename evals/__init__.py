"""How good the answers are: cases, deterministic verdicts and the gate."""
