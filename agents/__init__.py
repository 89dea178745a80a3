"""Who acts: one module, one agent. They meet in `ports` and are introduced to one another in `runtime`."""
