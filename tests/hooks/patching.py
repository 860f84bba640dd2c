"""For the sitecustomize.py of a piece under test: patches modules right after their import. PYTHONPATH names this folder."""

import importlib.abc
import importlib.util
import sys


class PatchingFinder(importlib.abc.MetaPathFinder):
    """Lets a module of ``patches`` (name: what takes the module) be found and run as usual, and patches it then."""

    def __init__(self, patches):
        self._patches = patches

    def install(self):
        """From now on."""
        sys.meta_path.insert(0, self)

    def find_spec(self, name, path, target=None):
        patch = self._patches.pop(name, None)
        if patch is None:
            return None
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            patch(module)

        spec.loader.exec_module = exec_module
        return spec
