"""A package, so that `tests.factories` is ours: some installed libraries ship a package of the same name."""
