"""Who we are: configuration, secrets, data centres, token cache."""
