"""What tools/verify.py is made of; written from Protocol/PROTOCOL.md alone, and sharing no code with any other reader."""
