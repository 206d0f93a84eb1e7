"""The portal's pages, one part of the back office a module."""
