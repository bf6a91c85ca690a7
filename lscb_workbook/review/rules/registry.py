"""Where rules are registered, each under the code of its finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from lscb_workbook.plan.catalogue import CATALOGUE
from lscb_workbook.plan.findings import finding
from lscb_workbook.plan.records import Finding
from lscb_workbook.review.views import ActionView, Fault, OfficerView

__all__ = ["ACTION_RULES", "OFFICER_RULES", "action_rule", "apply_rules", "officer_rule"]

View = TypeVar("View", ActionView, OfficerView)
ActionRule = Callable[[ActionView], Iterator[Fault]]
OfficerRule = Callable[[OfficerView], Iterator[Fault]]

ACTION_RULES: dict[str, ActionRule] = {}
OFFICER_RULES: dict[str, OfficerRule] = {}


def action_rule(code: str) -> Callable[[ActionRule], ActionRule]:
    """Register a rule on one action under its code. Raises ValueError for a code used twice or unknown."""

    def register(rule: ActionRule) -> ActionRule:
        _check(code)
        ACTION_RULES[code] = rule
        return rule

    return register


def officer_rule(code: str) -> Callable[[OfficerRule], OfficerRule]:
    """Register a rule on one officer's copy under its code; raises as :func:`action_rule` does."""

    def register(rule: OfficerRule) -> OfficerRule:
        _check(code)
        OFFICER_RULES[code] = rule
        return rule

    return register


def apply_rules(actions: Iterable[ActionView], officers: Iterable[OfficerView]) -> Iterator[Finding]:
    """Ask every rule of every action, in the plan's order, and then of every copy."""
    for action in actions:
        for code, rule in ACTION_RULES.items():
            yield from (_finding(code, fault) for fault in rule(action))
    for officer in officers:
        for code, officer_rule_ in OFFICER_RULES.items():
            yield from (_finding(code, fault) for fault in officer_rule_(officer))


def _finding(code: str, fault: Fault) -> Finding:
    return finding(code, sheet=fault.sheet, ref=fault.ref, **fault.facts)  # type: ignore[arg-type]


def _check(code: str) -> None:
    if code in ACTION_RULES or code in OFFICER_RULES:
        raise ValueError(f"Two rules have the code {code}.")
    if code not in CATALOGUE:
        raise ValueError(f"The code {code} is not in the catalogue of findings.")
