"""The record 审计: who did what, who was shown whose contact data, and what is deleted."""
