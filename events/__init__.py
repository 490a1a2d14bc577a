"""What happened and must be told: rows written in a deed's own transaction, and the relay that delivers them."""
