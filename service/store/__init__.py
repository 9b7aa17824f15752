"""Revisions and decisions in a SQL database: SQLite unless a URL says otherwise."""
