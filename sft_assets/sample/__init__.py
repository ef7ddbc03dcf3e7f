"""Annual reports of companies that do not exist, for the demo and for exact tests.

What lies here: the shipped PDFs (``reports/``), every number printed in them (``truth.jsonl``),
the personal data planted in them (``planted_personal_data.json``), and the generator
(``python -m sft_assets.sample.make --out DIR``), which needs the ``dev`` extra. Importing this
package needs neither reportlab nor fonts.
"""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def sample_inbox() -> Path:
    """Folder with the shipped report PDFs, ready to be used as an inbox."""
    return _HERE / "reports"


def sample_truth() -> Path:
    """JSON Lines file with every number that the shipped reports print, one a line."""
    return _HERE / "truth.jsonl"


def sample_personal_data() -> Path:
    """JSON file with the invented personal data that the shipped reports contain."""
    return _HERE / "planted_personal_data.json"
