"""Turns facts of the agenda into mails and delivers them."""
