"""What the operator sees: progress, summaries, exit reports, what is known, saved pages."""
