"""Certificates, ordered by the platform itself: accounts, orders within the authority's limits, challenges, storage."""
