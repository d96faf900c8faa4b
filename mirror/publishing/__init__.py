"""The published tree in Git, and bringing it to its homes."""
