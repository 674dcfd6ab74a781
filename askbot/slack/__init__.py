"""The Slack bridge: a workspace asks as it would a colleague, and gets the terminal's answers.

Deliveries go into a store before they are acknowledged; workers take them from there, so that a
killed process loses nothing and a repeated delivery is answered once.
"""
