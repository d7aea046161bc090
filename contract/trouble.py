"""What goes wrong and a person can do something about: the root of the exceptions that reach a command line."""


class Trouble(Exception):
    """`sentence` says what is wrong and where, `hint` what to do."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(f"{sentence}\n  hint: {hint}" if hint else sentence)
        self.sentence = sentence
        self.hint = hint


class StoreUnavailable(Trouble):
    """A database cannot be reached or cannot write now: try again later, acknowledge nothing."""
