"""The Settings tab: who we are, and whether it works."""
