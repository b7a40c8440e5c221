"""«واحد من»: the head's page of a unit, its people and its settings."""
