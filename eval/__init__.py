"""Asks what users ask, through the code that answers them, and scores it; nothing imports it."""
