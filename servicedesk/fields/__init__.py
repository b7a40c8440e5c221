"""Form fields, each a way of asking a person for one thing: how it is typed, tidied, checked and refused in words."""
