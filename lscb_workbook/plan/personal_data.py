"""What in a text may identify a child, a family or a person: such text must not reach a public paper.

Numbers are told by their check digits where they have one. Nothing here gives back what was found,
only what kind of thing it is. It is an aid to the reader's eye, not a proof that a text is clean:
names, for one, are not looked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

__all__ = ["kinds_of_personal_data", "withheld"]

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NUMERIC_DATE = r"(?<!\d)(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d{2}))(?!\d)"
_DATE = (
    rf"(?:{_NUMERIC_DATE}|(?<!\d)(?:\d{{2}} \d{{2}} \d{{4}}|\d{{8}})(?!\d)|"
    rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+\d{{2,4}}|"
    rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})"
)
_BIRTH = r"\b(?:d\.? ?o\.? ?b\b\.?|date of birth|birth ?(?:date|day))"
_BORN = r"\bborn(?: on)?(?: the)?:?\s+(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:the )?"

_NUMERIC_DATES = re.compile(_NUMERIC_DATE)
_DATE_OF_BIRTH = re.compile(
    rf"{_BIRTH}[^\d\n]{{0,25}}?{_DATE}|{_BORN}{_DATE}|{_DATE}[\s(,]{{0,4}}{_BIRTH}", re.IGNORECASE
)
_EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ .-]{0,2}\d{3}[ .-]{0,2}\d{4}(?!\d)")
_UPN_LETTER = "A-HJ-NP-RT-Z"  # without I, O and S, which look like digits
_UPN = re.compile(
    rf"(?<![A-Z0-9])[{_UPN_LETTER}](?:[ -]?\d){{11}}[ -]?[0-9{_UPN_LETTER}](?![A-Z0-9])", re.IGNORECASE
)
# HMRC's National Insurance Manual NIM39110: the letters and prefixes that are never given out.
_NI_PREFIX = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
# Spaced out only in capitals: 'by 31 12 16 a report' is a date in a sentence.
_NI_NUMBER = re.compile(
    rf"(?<![A-Za-z0-9])(?:{_NI_PREFIX}[ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[A-D]|(?i:{_NI_PREFIX}\d{{6}}[A-D]))"
    r"(?![A-Za-z0-9])"
)
# Royal Mail's postcode areas; the last two letters are never C, I, K, M, O or V (BS 7666-2).
_AREA = (
    "AB|AL|B|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|"
    "EH|EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|"
    "ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|"
    "SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_POSTCODE = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?:{_AREA})\d[A-Z\d]?[ ]{{0,2}}\d[ABD-HJLNP-UW-Z]{{2}}"
    # In small letters only with a blank, and never what is an ordinal: 'in block e17 3rd floor'.
    rf"|(?:{_AREA.lower()})\d[a-z\d]?[ ]{{1,2}}\d(?!st|nd|rd|th)[abd-hjlnp-uw-z]{{2}})(?![A-Za-z0-9])"
)
_AT = re.compile(r" ?@ ?")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_TRIES = 500  # of what looks like a number but is none, in one text
_LONGEST = 50_000  # no cell holds more letters; only compatibility forms do, taken apart
_FEWEST_DIGITS = 9  # of a United Kingdom number after its leading 0


@lru_cache(maxsize=4096)
def kinds_of_personal_data(text: str) -> tuple[str, ...]:
    """The kinds of personal data that a text may hold, each with its article: ``an NHS number``."""
    plain = _plain(text)
    flat = _AT.sub("@", " ".join(plain.split()))  # what is split over lines, or spaced out, is one thing
    return tuple(kind for kind, holds in _KINDS.items() if holds(plain) or (flat != plain and holds(flat)))


def withheld(text: str) -> str:
    """The text, to be quoted in a finding; or words in its place where it may hold personal data."""
    return "(withheld: it may be personal data)" if kinds_of_personal_data(text) else text


def _plain(text: str) -> str:
    """The text with every kind of digit, blank and dash as the plain one, and without invisible letters."""
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFKC", seen).translate(_DASHES)[:_LONGEST]


def _holds_nhs_number(text: str) -> bool:
    found = [re.sub(r"\D", "", number) for number in _TEN_DIGITS.findall(text)]
    if not found:
        return False
    from stdnum.gb import nhs  # the libraries are loaded only for texts that need them

    return any(nhs.is_valid(digits) and len(set(digits)) > 1 for digits in found)


def _holds_upn(text: str) -> bool:
    """The check letter alone decides: stdnum's list of local authorities is of 2011."""
    found = [re.sub(r"[ -]", "", number).upper() for number in _UPN.findall(text)]
    if not found:
        return False
    from stdnum.gb import upn

    return any(upn.calc_check_digit(number[1:]) == number[0] for number in found)


def _holds_phone_number(text: str) -> bool:
    """A number as one dials it, with its 0 or +, that could be a person's.

    'Possible' is all that phonenumbers is asked, since Ofcom's numbers for fiction are not 'valid';
    dates are taken out first, since two of them make a possible number.
    """
    without_dates = _NUMERIC_DATES.sub(" / ", text)
    if sum(map(str.isdigit, without_dates)) < _FEWEST_DIGITS:
        return False
    from phonenumbers import (
        Leniency,
        PhoneNumberMatcher,
        PhoneNumberType,
        national_significant_number,
        number_type,
    )

    of_organisations = (
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.UAN,
    )
    for match in PhoneNumberMatcher(without_dates, "GB", leniency=Leniency.POSSIBLE, max_tries=_TRIES):
        if (
            match.raw_string.lstrip("(").startswith(("0", "+"))
            and len(national_significant_number(match.number)) >= _FEWEST_DIGITS
            and number_type(match.number) not in of_organisations
        ):
            return True
    return False


_KINDS: dict[str, Callable[[str], bool]] = {
    "an NHS number": _holds_nhs_number,
    "a unique pupil number": _holds_upn,
    "a National Insurance number": lambda text: _NI_NUMBER.search(text) is not None,
    "a date of birth": lambda text: _DATE_OF_BIRTH.search(text) is not None,
    "a phone number": _holds_phone_number,
    "an email address": lambda text: _EMAIL.search(text) is not None,
    "a postcode": lambda text: _POSTCODE.search(text) is not None,
}
