"""A lost database from the published pages."""
