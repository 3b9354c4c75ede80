"""The people's door: pages, sign-in, messages. Django lives here and nowhere else."""
