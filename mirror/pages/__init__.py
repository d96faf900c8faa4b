"""The published tree: pages, indexes and QR codes, made from what is stored."""
