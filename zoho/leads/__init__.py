"""What we send: the fields of the layout, values, validation."""
