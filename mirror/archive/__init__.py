"""Back-fill: a section's older days, files of addresses, and the plan before the work."""
