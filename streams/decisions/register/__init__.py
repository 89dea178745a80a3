"""Changes of the register, each confirmed by a second person."""
