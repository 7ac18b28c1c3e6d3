"""Divisions files, compared with what stands and loaded."""
