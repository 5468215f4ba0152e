"""Codes: a step graph as Python source, machine code and JavaScript. Only they know a language."""
