"""What a document may ask: parsed, measured, validated over what the caller can see, and kept."""
