"""The life of a hostname: claimed, proven, routed with a certificate, looked after, and let go."""
