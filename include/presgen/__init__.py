"""Learners' wrong answers become personal avatar lesson videos."""
