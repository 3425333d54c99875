"""The API: an order is checked and handed on, what becomes of it is told; nothing is rendered here."""
