"""Google Drive: what the publisher ``drive`` needs to say there, and what it does about each answer."""
