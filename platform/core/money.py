"""Amounts: decimal, two places, one currency, never a float."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in one currency (ISO 4217), rounded half up to two places."""

    amount: Decimal
    currency: str = "KES"

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", self.amount.quantize(CENT, ROUND_HALF_UP))

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise ValueError("Amounts of two currencies cannot be added.")
        return Money(self.amount + other.amount, self.currency)

    def as_json(self) -> dict[str, str]:
        """The contract's form: `{"amount": "1500.00", "currency": "KES"}`."""
        return {"amount": f"{self.amount:.2f}", "currency": self.currency}
