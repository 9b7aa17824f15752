"""An application whose data administrators may change, for what becomes of results since."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.shipped import Shipped
from service.sparql.process import query_process
from service.sparql.wire import Limits
from tests.service.conftest import running
from tests.service.sparql.writing import Desk, settings


@pytest.fixture(scope="module")
def desk(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with (
        query_process(Limits(workers=1)) as process,
        running(settings(folder, process.address), shipped) as one,
    ):
        yield Desk(one, folder)
