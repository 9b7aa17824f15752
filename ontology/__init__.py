"""What exists and what it is called: classes, code lists, facts, places, shapes."""
