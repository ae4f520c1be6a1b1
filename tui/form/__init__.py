"""A form: a list of fields drawn by one widget, and one editor laid over the current field."""
