"""The ontology shown: a page for each class and property, with diagrams, and one for all."""
