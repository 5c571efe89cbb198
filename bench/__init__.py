"""Measures what the product costs as ratios against the raw driver and against bare imports."""
