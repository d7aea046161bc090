"""Amounts of money in words, as a proposal must have them."""

from num2words import num2words

from inventory.text import Language


def in_words(amount: int, language: Language) -> str:
    """Whole VND from 0: "Chín mươi tám triệu đồng"."""
    words = str(num2words(amount, lang=str(language)))
    unit = "đồng" if language is Language.VI else "Vietnamese dong"
    return f"{words[0].upper()}{words[1:]} {unit}"
