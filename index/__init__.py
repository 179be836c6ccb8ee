"""From passages to ranked matches; alone knows numpy, FAISS, sentence-transformers."""
