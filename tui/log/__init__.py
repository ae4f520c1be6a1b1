"""The Log tab: what happened to every lead."""
