"""Revisions and decisions in a SQL database: SQLite beside the process unless a URL says otherwise."""
