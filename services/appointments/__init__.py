"""Posts 职务: secretaries, deputies and instructors, for their terms."""
