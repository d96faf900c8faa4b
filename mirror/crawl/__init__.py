"""A running crawl: its processes, its extensions, its log."""
