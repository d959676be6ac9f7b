"""Makes the nets that come with the app: labels, composites, training, export, evaluation."""
