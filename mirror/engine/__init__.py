"""What the parts of a crawl know of the crawler that they run in: its role, its run, its end."""
