"""Who owns sites, and who may do what on them."""
