"""What goes wrong with a broker, said so that a person knows what to do."""

from contract.trouble import Trouble


class BrokerError(Trouble):
    """`log` holds the last lines of the broker's own log, where it has said something."""

    def __init__(self, sentence: str, hint: str = "", log: str = "") -> None:
        super().__init__(sentence, hint)
        self.log = log
