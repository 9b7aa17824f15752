"""Asking by address: competency questions and queries, their answers in every form, permalinks."""
