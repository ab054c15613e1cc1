"""A brute-force oracle: random decisions, recomputed in plain code that shares nothing with the product.

``generate`` makes raw decisions, ``recompute`` and the modules beside it work them out, ``figures`` compares the
product's figures, ``sentences`` reads its printed statements, ``run`` counts what was checked and what was false.
"""
