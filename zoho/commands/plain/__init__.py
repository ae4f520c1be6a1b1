"""Plain mode: the form of a lead as one question after the other, for screen readers and slow lines."""
