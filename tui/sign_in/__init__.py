"""Signing in with a browser anywhere: the screen that shows the code and waits."""
