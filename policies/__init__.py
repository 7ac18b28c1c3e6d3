"""Who may: the Casbin model and rules, the scopes they come to, and the actor a credential stands for."""
