"""What the edge is told: which names have which certificates."""
