"""Full-text search over HTTP: what the API and the page ask alike."""
