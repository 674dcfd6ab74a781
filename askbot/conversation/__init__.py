"""Conversations: follow-up questions completed from earlier turns, saved sessions, transcripts."""
