"""A report of which many pages failed is not published as if it were empty."""

from contextlib import nullcontext

import pytest

from sft_assets.errors import GateError
from sft_assets.extract.steps import _refuse_many_failures


@pytest.mark.parametrize(
    ("failed", "pages", "refused"),
    [
        pytest.param({}, 100, False, id="none"),
        pytest.param({"timeout": 1}, 3, False, id="one-page-of-a-short-report"),
        pytest.param({"timeout": 10}, 100, False, id="at-the-share"),
        pytest.param({"timeout": 6, "memory": 5}, 100, True, id="beyond-it"),
        pytest.param({"crash": 8}, 8, True, id="all"),
    ],
)
def test_share_of_failed_pages(failed: dict[str, int], pages: int, refused: bool) -> None:
    expected = pytest.raises(GateError, match="pages failed") if refused else nullcontext()
    with expected:
        _refuse_many_failures(failed, pages, 0.1)
