"""The web pages: typed contexts, Jinja templates, forms that work without JavaScript."""
