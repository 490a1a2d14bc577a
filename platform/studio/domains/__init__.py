"""The names that a tenant's sites are read at: each one's state, what to set in DNS, what happened."""
