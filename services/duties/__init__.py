"""Service posts 选岗定岗: the duties a county lists, what communities need, and who takes one for a term."""
