"""The contract on pages: what is in force and what it says, how it came to be, drafts, signing, the first one."""
