"""Executable norms: the rulebook, the engine that decides by it, and how a decision is told."""
