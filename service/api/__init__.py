"""The JSON API, one module a resource; every answer is JSON, every error a problem."""
