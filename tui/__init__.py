"""What a rep sees and types."""
