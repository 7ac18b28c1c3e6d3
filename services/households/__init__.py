"""Households 住户, the members who keep contact with them ("1+10") and the four visits 四必访."""
