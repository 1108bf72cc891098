"""Recounts and searches that share no code with the programs they are about. Standard library only."""
