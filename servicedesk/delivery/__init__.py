"""Gateways that carry short messages: one gateway a file, one way to fail (``DeliveryError``).

The package knows nothing of models, tasks or people; it takes a ``Message`` and a number of seconds.
"""
