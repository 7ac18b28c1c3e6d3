"""Territory 属地 and party organizations 党组织."""
