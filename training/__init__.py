"""What experts know: proposed, approved, trained into the next version."""
