"""The lead pictures of articles, kept small, for files that are passed on without a host."""
