"""Executable norms: the rulebook, the engine that decides by it, and what it says about a decision."""
