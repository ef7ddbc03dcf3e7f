"""Start a job as several ranks: ``python -m sft_assets.language_models.ranks PARENT RANKS MODULE``.

It is torchrun, which would outlive a killed parent, and so would its ranks; here the launcher dies
with the process that started it, and each rank with the launcher.
"""

import os
import sys
from collections.abc import Sequence

from sft_assets.language_models.job_child import die_with
from sft_assets.language_models.jobs import PARENT_OF_RANKS


def main(arguments: Sequence[str]) -> None:
    """Run ``MODULE`` with the remaining arguments in each of ``RANKS`` processes."""
    parent, ranks, module, *given = arguments
    die_with(int(parent))
    os.environ[PARENT_OF_RANKS] = str(os.getpid())
    from torch.distributed.run import main as torchrun

    torchrun(
        ["--standalone", f"--nproc-per-node={ranks}", "--max-restarts=0", "-m", module, *given]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
