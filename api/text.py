"""Where the pages' code finds Text: it belongs to inventory/, whose reasons and reports speak both languages too."""

from inventory.text import Language as Language
from inventory.text import Text as Text
