"""The rulebook, as data. This file only lets the folder be shipped inside the package."""
