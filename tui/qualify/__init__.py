"""The Qualify tab: the form of the org's layout."""
