"""From a question to an answer; alone knows Litestar and reads the environment."""
