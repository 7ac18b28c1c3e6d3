"""Programs of partner agencies, their tokens 令牌, stored operations and budgets."""
