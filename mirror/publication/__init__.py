"""From the tree to its readers: commits, homes, pushes, and moving to another address."""
