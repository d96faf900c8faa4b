"""What is not believed: responses that are no articles, fields that are missing, updates that lose."""
