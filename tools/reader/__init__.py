"""An independent reader of the protocol, written from Protocol/PROTOCOL.md alone."""
