"""The state of the law at a day: what was in force, one thing as of the day, two days compared."""
