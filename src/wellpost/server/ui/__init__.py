"""The look every page shares: layout, design system, small template tags."""
