"""HTTP API, web pages, command line and the storage of revisions and decisions."""
