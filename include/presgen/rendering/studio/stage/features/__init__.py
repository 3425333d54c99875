"""The parts of a face, drawn from a few numbers each."""
