"""Spiders follow links and yield items; what a page means is the site's business (mirror/sites)."""
