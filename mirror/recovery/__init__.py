"""A lost database, made again from the published pages."""
