"""YAML text → Robot: the strict loader, expressions, name checks, diagnostics and the editor schema. The only door to yaml."""
