"""One piece and one browser for all tests of this folder: a fixture ends with its package, which only this file makes one."""
