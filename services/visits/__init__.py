"""What instructors do: their visits 走访."""
