"""The adviser: what is slow or misleading in a query, told before it is run."""
