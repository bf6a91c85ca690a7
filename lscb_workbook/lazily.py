"""Modules and names that are imported when they are first used, so that a command starts at once."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from types import ModuleType

__all__ = ["later", "show_lazily"]


class _Face(ModuleType):
    """A folder as its users see it. Where a module in it bears the name of what it gives, the name means
    that; the module is reached by importing from it."""

    _homes: Mapping[str, str]

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in self._homes and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> object:
        if name not in self._homes:
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")
        home = importlib.import_module(f"{self.__name__}.{self._homes[name]}")
        value: object = getattr(home, name)
        setattr(self, name, value)
        return value


def show_lazily(folder: str, homes: Mapping[str, str]) -> None:
    """Let a folder give these names, each from its home, a module below the folder, when it is asked for."""
    module = sys.modules[folder]
    module._homes = homes  # type: ignore[attr-defined]
    module.__class__ = _Face


class _Later(ModuleType):
    """A module that is imported when something in it is asked for."""

    def __getattr__(self, name: str) -> object:
        value: object = getattr(importlib.import_module(self.__name__), name)
        return value


def later(name: str) -> ModuleType:
    """The module of this name, imported when something in it is asked for."""
    return _Later(name)
