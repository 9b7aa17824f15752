"""The texts and what is recorded about them: provisions, repairs, lists, the graph."""
