"""From published files to decisions, passages and citations; knows no vectors and no web."""
