"""Rotating chairs 轮值家长: the themes of their terms, and the yearly evaluation by town and community."""
