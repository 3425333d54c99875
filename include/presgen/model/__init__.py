"""The words we speak: frozen values that cross processes."""
