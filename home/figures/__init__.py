"""The guide's figures of our own screens: which there are, how they are photographed, where they are kept."""
