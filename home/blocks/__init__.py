"""What editors build pages from: one family of blocks a module, each with its template in templates/home/blocks/."""
