"""The form of `norms/*.yaml`: what may be written of a sentence, checked as it is read.

What each key means, and when it is used, is laid down in `texts/ANNOTATING.md`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from kb.meta import Model, Text, Words
from kb.norms import AccountKind, Check, Comparison, Modality, Strength

_Decimal = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$")]
_Partial = Annotated[
    str, Field(pattern=r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|--[0-9]{2}-[0-9]{2})$")
]
"""A year, month or day, or a day of every year (--09-30), as XML Schema writes them."""
_Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class QuantityForm(Model):
    """A figure; one that cannot be read is `unreadable`, with its candidates."""

    measure: Text
    en: Text
    comparison: Comparison
    value: _Decimal | None = None
    unreadable: bool = False
    unit: Text
    as_written: Text
    candidates: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _read(self) -> QuantityForm:
        if (self.value is None) != self.unreadable:
            raise ValueError("give the value, or unreadable: true")
        return self


class DeadlineForm(Model):
    """By when; `by` is as much of a day as the words give literally."""

    as_written: Text
    by: _Partial | None = None
    readings: tuple[Words, ...] = ()


class RecurrenceForm(Model):
    """How often; `every` is an ISO 8601 duration."""

    as_written: Text
    every: Annotated[str, Field(pattern=r"^P")] | None = None


class NormForm(Model):
    """One bearer, one action, one modality."""

    quote: Text
    prefix: str = ""
    suffix: str = ""
    modality: Modality
    strength: Strength
    bearer: Annotated[tuple[_Code, ...], Field(min_length=1)]
    implied: bool = False
    counterparty: tuple[_Code, ...] = ()
    action: Words
    condition: Words | None = None
    exception: Words | None = None
    quantities: tuple[QuantityForm, ...] = ()
    deadline: DeadlineForm | None = None
    recurrence: RecurrenceForm | None = None
    topic: _Code
    check: Check
    doubt: Words | None = None
    source: _Code | None = None


class IndicatorForm(Model):
    """What an observation counts, and of which other indicator it is a part."""

    id: _Code
    zh: Text
    en: Text
    part_of: _Code | None = None


class ObservationForm(Model):
    """A number that the sentence reports."""

    quote: Text
    indicator: IndicatorForm
    value: _Decimal
    unit: Text
    on: _Partial | None = None


class AccountForm(Model):
    """What one sentence carries."""

    sentence: Text
    account: AccountKind
    because: Words | None = None
    norms: tuple[NormForm, ...] = ()
    observations: tuple[ObservationForm, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> AccountForm:
        if (self.account == "norms") != bool(self.norms):
            raise ValueError("norms stand under account: norms, and nowhere else")
        if self.account != "norms" and self.because is None:
            raise ValueError("say because of what it carries no norm")
        return self


class FileForm(Model):
    """All entries of a file."""

    accounts: tuple[AccountForm, ...]
