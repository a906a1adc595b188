"""What the workbook is held to: published numbers, laws, and how often its claims come true.

Not part of the product: `cx validate` computes all of it from a checkout and writes it to
reports/validation.html; the tests run it small. `simulations.py` lists the simulations; a new one
is one line there.
"""
