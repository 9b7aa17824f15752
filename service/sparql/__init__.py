"""The graph, asked in SPARQL: a query process, and what the endpoint says to it."""
