"""The desk: from leaves (workflow, references, persian) up to the views, the tasks and the staff desk."""
