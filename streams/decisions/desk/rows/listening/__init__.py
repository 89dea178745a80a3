"""What is heard in public posts."""

from streams.decisions.desk.rows.listening import stories, watch

ROWS = (*watch.ROWS, *stories.ROWS)
