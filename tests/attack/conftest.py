"""What all attacks share."""

from tests.kit.patience import patient

__all__ = ["patient"]
