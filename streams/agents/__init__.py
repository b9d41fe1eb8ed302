"""The Faust application: one file for each agent, and what they share."""
