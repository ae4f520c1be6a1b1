"""How we speak to Zoho: one client, one auth, one reading of its answers."""
