"""People who sign in: users, roles, tokens, invitations."""
