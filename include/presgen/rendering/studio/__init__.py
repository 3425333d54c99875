"""The studio: narrates, lays out and assembles sections with slides, presenter and captions."""
