"""A request that cannot be answered, and the HTTP status that says so."""


class RequestError(Exception):
    """Made when a request is at fault; its message goes to the caller."""

    def __init__(self, status: int, message: str, hint: str = "") -> None:
        """Makes an error.

        Args:
            status: HTTP status, 400 to 499.
            message: what was found, as a sentence.
            hint: what is accepted, as a sentence.
        """
        super().__init__(message)
        self.status = status
        self.message = message
        self.hint = hint
