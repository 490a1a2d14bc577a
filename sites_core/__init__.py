"""What a site is: hostnames, directory, brand, generation. Knows no tenant and no article."""
