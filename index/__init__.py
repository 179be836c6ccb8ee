"""From passages to ranked matches; alone knows numpy, FAISS, sentence-transformers."""

import os

# Before FAISS is loaded: its threads would spin for milliseconds after each search, and take a
# core from the network that encodes the next question.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
