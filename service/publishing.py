"""Legal staff's way from files to what decides: compared, checked, tested, published (DESIGN §1).

Publishing stores a revision that never changes and makes it current at once, for every process on
the same store: each decision asks which revision is current.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from ontology.issue import Issue
from ontology.vocabulary import load_vocabulary
from rules.cases import Outcome, load_cases, run_cases
from rules.check import check
from rules.model import Rulebook
from service.errors import ServiceError, UnknownRevision
from service.revisions import Revisions
from service.shipped import Shipped
from service.store.revisions import RELEASE, HeadMoved, Publication, RevisionStore
from service.version import version

LEGAL: Final = "legal"
"""Who publishes where nobody says otherwise: a role, for no name is needed."""

_MOST: Final = 120
_FEWEST: Final = 6


class NotPublished(ServiceError):
    """The rulebook was not published and nothing was changed; `failed` are cases that failed."""

    def __init__(
        self,
        detail: str,
        hint: str = "",
        issues: Sequence[Issue] = (),
        failed: Sequence[Outcome] = (),
    ) -> None:
        super().__init__(detail, hint=hint, issues=issues)
        self.failed = tuple(failed)


def publish(
    store: RevisionStore,
    content: Shipped,
    root: Path | None,
    note: str = "",
    publisher: str = LEGAL,
) -> Publication:
    """Check, test, store and make current. Raises NotPublished with every ground, StoreFailed."""
    if not publisher.strip() or len(publisher) > _MOST:
        raise NotPublished(f"who publishes is named in 1 to {_MOST} characters", "a role is enough")
    if publisher.strip() == RELEASE:
        raise NotPublished(
            f"{RELEASE} is what releases publish as", "name who publishes, or a role"
        )
    head = store.head()
    if head == content.rulebook.revision:
        raise NotPublished("nothing has changed: this revision decides already")
    issues = check(load_vocabulary(), content.library, root)
    faults = tuple(issue for issue in issues if issue.severity == "error")
    if faults:
        raise NotPublished("the rules do not hold", issues=faults)
    cases, _ = load_cases(root)
    failed = tuple(o for o in run_cases(cases, content.rulebook) if not o.passed)
    if failed:
        raise NotPublished("cases come out otherwise than they should", failed=failed)
    book = content.rulebook
    try:
        return store.make_current(
            book.revision, book.document(), note.strip(), publisher.strip(), after=head
        )
    except HeadMoved as moved:
        raise NotPublished(
            "somebody published in the meantime",
            f"{moved.head} decides now: compare with it, then publish again",
        ) from None


def publish_release(revisions: Revisions, book: Rulebook) -> bool:
    """Let the content of a release decide; false where it does not come to that.

    It does where it was never stored and no person has published: what people published stays until
    people publish again, for a release knows nothing of their changes.
    """
    published = revisions.store.publications()
    if published and published[0].publisher != RELEASE:
        return False
    return revisions.publish(book, f"shipped with zhunru {version()}")


def named(text: str, revisions: Revisions) -> Rulebook:
    """The rulebook of a stored revision (or its first digits), or of a file with its document.

    Raises UnknownRevision.
    """
    path = Path(text)
    return _of_file(path, revisions) if path.is_file() else stored(text, revisions)


def stored(text: str, revisions: Revisions) -> Rulebook:
    """The rulebook of a stored revision, or of its first digits. Raises UnknownRevision."""
    known = tuple(dict.fromkeys(p.revision for p in revisions.store.publications()))
    wanted = text if text.startswith("sha256:") else f"sha256:{text}"
    found = [revision for revision in known if revision.startswith(wanted)]
    if len(text.removeprefix("sha256:")) < _FEWEST or not found:
        raise UnknownRevision(
            f"{text[:80]} is neither a file nor a revision published here",
            hint="zhunru rules revisions lists them; six digits of one are enough",
        )
    if len(found) > 1:
        raise UnknownRevision(f"{text[:80]} are the first digits of several revisions")
    return revisions.look(found[0])


def _of_file(path: Path, revisions: Revisions) -> Rulebook:
    try:
        document: Any = orjson.loads(path.read_bytes())
        return Rulebook.from_json(document, revisions.places)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnknownRevision(
            f"{path} is no revision document",
            hint="zhunru build writes one: var/graph/rulebook.json",
        ) from error
