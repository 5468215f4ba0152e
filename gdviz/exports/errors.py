"""What an export raises where it cannot be made."""


class ExportError(RuntimeError):
    """An export that failed, said in a sentence for the user."""
