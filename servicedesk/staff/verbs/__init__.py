"""What a clerk does with a letter: one address, one form, one verb of the model each; ``register.py`` lists them."""
