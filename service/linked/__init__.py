"""IRIs followed: to a page for people, to statements for machines."""
