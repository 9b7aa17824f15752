"""What came into the knowledge base and when: a page, an Atom feed and JSON."""
