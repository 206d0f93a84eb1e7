"""The best choice of matches, what may be confirmed, and what people have decided before."""
