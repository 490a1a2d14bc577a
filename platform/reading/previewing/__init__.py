"""Pages of a site as they would be, on a host of their own: what is shown there is stored nowhere that readers meet."""
