"""Sound and pictures, in and out: the only room that touches PyAV."""
