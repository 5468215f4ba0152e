"""What an export raises where it cannot be made."""


class ExportError(RuntimeError):
    """An export that failed, said in a sentence for the user."""


class NotOffered(ExportError):
    """An export that no machine could make as it was asked for: something in the request has to change."""
