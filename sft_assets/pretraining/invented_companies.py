"""Companies that do not exist: who reports, in which currency and scale, and how it prints."""

from dataclasses import dataclass
from random import Random

from sft_assets.train import base_terms as terms


@dataclass(frozen=True, slots=True)
class Company:
    """Who reports, and how it prints."""

    name: str
    company_id: str
    language: str  # zh or en
    currency: str
    scale: int
    places: int
    negative: str  # minus, brackets, wide
    grouped: bool
    marks_dollars: bool
    digits: int  # of its larger amounts, in printed units
    notes: bool  # pages show a column of note numbers


def invent_company(random: Random) -> Company:
    """Return a company by lot."""
    chinese = random.random() < 0.75
    scale = random.choices((1, 1000, 10_000, 1_000_000, 100_000_000), (55, 14, 14, 14, 3))[0]
    if chinese:
        pools = (terms.COMPANY_CHARACTERS, terms.COMMON_CHARACTERS)
        letters = [random.choice(random.choice(pools)) for _ in range(random.randint(2, 5))]
        if random.random() < 0.3:
            letters[random.randrange(len(letters))] = random.choice(terms.RARE_CHARACTERS)
        name = "".join(letters) + random.choice((*terms.COMPANY_TAILS_ZH, *["股份有限公司"] * 6))
        currency = random.choices(("CNY", "HKD", "USD"), (92, 5, 3))[0]
    else:
        words = ["".join(random.choices(terms.SYLLABLES_EN, k=random.randint(1, 3))).capitalize()
                 for _ in range(random.choice((1, 1, 2, 3)))]  # fmt: skip
        name = f"{' '.join(words)} {random.choice(terms.COMPANY_TAILS_EN)}"
        name = name.upper() if random.random() < 0.4 else name
        scale = random.choices((1, 1000, 1_000_000, 1_000_000_000), (10, 35, 50, 5))[0]
        currency = random.choices(("USD", "CNY", "HKD", "EUR"), (70, 12, 12, 6))[0]
    decimals = {1: (2, 2, 2, 0), 100_000_000: (2, 2, 1)}.get(scale, (0, 0, 2, 1))
    low, high = {1: (7, 11), 1000: (5, 9), 10_000: (4, 8), 1_000_000: (2, 6)}.get(scale, (1, 4))
    return Company(
        name=name,
        company_id=f"{random.getrandbits(60):015x}",
        language="zh" if chinese else "en",
        currency=currency,
        scale=scale,
        places=random.choice(decimals),
        negative=random.choice(
            ("minus", "minus", "minus", "brackets", "wide") if chinese else ("brackets", "minus")
        ),
        grouped=random.random() < 0.93,
        marks_dollars=not chinese and random.random() < 0.4,
        digits=random.randint(low, high),
        notes=random.random() < 0.5,
    )
