"""What is not believed: answers that are no article, hollow runs, updates that lose, private addresses."""
