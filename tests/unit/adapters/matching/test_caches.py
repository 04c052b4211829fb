"""Forgetting: adapters/matching/caches.py."""

from __future__ import annotations

import importlib
import pkgutil

import adapters.matching
from adapters.matching import caches
from adapters.matching.names import score


def test_forget_empties_every_cache_of_the_package():
    score("Gulnora Karimova", "Гулнора Каримова")
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.iter_modules(adapters.matching.__path__, "adapters.matching.")
    ]
    remembering = {
        value
        for module in modules
        for name, value in vars(module).items()
        if hasattr(value, "cache_info") and name != "_script_of_letter"
    }
    assert sum(cache.cache_info().currsize for cache in remembering) > 0
    caches.forget()
    assert [cache for cache in remembering if cache.cache_info().currsize] == []
    assert all(cache.cache_info().maxsize for cache in remembering)
