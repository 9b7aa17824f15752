"""The events of a YAML text: as PyYAML reads it, by libyaml where that reads the same.

libyaml is ten times as fast, and content is read at every start. The two differ in what libyaml
forgives (tabs, a comment right after a block's header, `?` in flow) and in where it sees values
that are not there; such texts, and texts with faults, are read by PyYAML, whose words people see.
`tests/ontology/test_yaml_events.py` compares them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

_FORGIVEN: Final = re.compile("[?\t\r\x85\u2028\u2029\ufeff]|[|>][-+0-9]*#")
# PyYAML may have been built without libyaml.
_FAST: Final[Any] = getattr(yaml, "CSafeLoader", None)


def events_of(text: str) -> Iterator[yaml.Event]:
    """The events of a text, faults raised as yaml.YAMLError where they are come to.

    The style of a plain scalar is None or empty.
    """
    return iter(_fast(text) or yaml.parse(text, Loader=yaml.SafeLoader))


def _fast(text: str) -> list[yaml.Event] | None:
    """The events as libyaml sees them, None where PyYAML might see others."""
    if _FAST is None or _FORGIVEN.search(text):
        return None
    try:
        found: list[yaml.Event] = list(yaml.parse(text, Loader=_FAST))
    except yaml.YAMLError:
        return None
    return None if any(map(_doubtful, found)) else found


def _doubtful(event: yaml.Event) -> bool:
    if isinstance(event, yaml.ScalarEvent) and not event.value and not event.style:
        return True
    return isinstance(event, yaml.NodeEvent) and (
        isinstance(event, yaml.AliasEvent)
        or event.anchor is not None
        or getattr(event, "tag", None) is not None
    )
