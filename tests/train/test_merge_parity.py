import pytest
import torch

from sft_assets.errors import GateError
from sft_assets.train.merge import check_parity

ONE = torch.tensor([[1.0, 2.0]])
SAME = {"equal": 0.0, "within the tolerance": 9e-5, "below zero": -9e-5}
OTHER = {"too far": 2e-4, "far below": -1.0, "no number": float("nan"), "infinite": float("inf")}


@pytest.mark.parametrize("shift", SAME.values(), ids=SAME.keys())
def test_passes(shift):
    assert float(check_parity([ONE, ONE], [ONE, ONE + shift])) < 1e-4


@pytest.mark.parametrize("shift", OTHER.values(), ids=OTHER.keys())
def test_is_refused(shift):
    with pytest.raises(GateError, match="differs from the trained one"):
        check_parity([ONE, ONE], [ONE, ONE + shift])
