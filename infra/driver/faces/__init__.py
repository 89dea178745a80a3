"""What Faust sees of the driver: the parts that take the place of its own."""
