"""Compounds 小区, buildings, property companies 物业企业, their contracts, and branches 党支部 over them."""
