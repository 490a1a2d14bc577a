"""Articles, and where they are placed."""
