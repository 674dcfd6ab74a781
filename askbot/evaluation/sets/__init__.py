"""Question sets: reading them in several forms, checking one, drafting one."""
