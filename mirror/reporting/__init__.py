"""What is reported of a crawl and of the mirror: display, summary, status."""
