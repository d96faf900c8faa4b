"""What the operator sets, read and checked once; knows errors alone."""
