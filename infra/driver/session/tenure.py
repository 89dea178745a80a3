"""A tenure: the time from an assignment of partitions to its loss."""


class Tenure:
    """It ends once. A later assignment begins another tenure, also if it is of the same partitions."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.is_over = False
