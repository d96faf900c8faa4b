"""What is known of every article, listing and address, in the database."""
