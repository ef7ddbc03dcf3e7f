"""Labels of rows as reports print them, and labels that nobody has printed yet."""

from functools import cache
from random import Random
from typing import Final

from sft_assets.concepts import Concept, load_concepts
from sft_assets.train import base_terms as terms

ZH_PREFIXES: Final = (
    "一、", "二、", "三、", "四、", "五、", "六、", "（一）", "（二）", "（三）", "1.", "2.", "3、",
    "其中：", "减：", "加：", "其中:", "减:", "加:", "其中：", "减：", "加：",
)  # fmt: skip
ZH_SUFFIXES: Final = (
    "（亏损以“－”号填列）", "（净亏损以“-”号填列）", "（损失以“－”号填列）",
    "（亏损总额以“－”号填列）",
    "（或股本）", "（或股东权益）", "净额", "合计", "（元）", "（万元）", "总额",
)  # fmt: skip
EN_PREFIXES: Final = ("Less: ", "Including: ", "Add: ", "Of which: ", "1. ")
EN_SUFFIXES: Final = (", net", " (loss)", " (note 5)", ", current", " - total", ", non-current")


def print_label(random: Random, concept: Concept, *, zh: bool) -> str:
    """Return one of the ways in which statements print a concept."""
    printed = prints_of(concept.id, zh=zh)
    label = printed[0] if random.random() < 0.5 else random.choice(printed)
    dice = random.random()
    if dice < 0.30:
        label = random.choice(ZH_PREFIXES if zh else EN_PREFIXES) + label
    if dice > 0.75 or dice < 0.06:
        label += random.choice(ZH_SUFFIXES if zh else EN_SUFFIXES)
    if concept.unit == "per_share" and zh and random.random() < 0.7:
        label += "（元/股）"
    if concept.unit == "percent" and random.random() < 0.4:
        label += "（%）"
    return label


@cache
def prints_of(concept_id: str, *, zh: bool) -> tuple[str, ...]:
    """Return the names of a concept in one language."""
    concept = load_concepts().by_id[concept_id]
    own = [text for text in concept.all_labels() if zh == any("㐀" <= c <= "鿿" for c in text)]
    return tuple(own) or (concept.zh if zh else concept.en,)


def invented_label(random: Random, *, zh: bool) -> str:
    """Return a label of random characters or syllables."""
    if not zh:
        words = ["".join(random.choices(terms.SYLLABLES_EN, k=random.randint(1, 3)))
                 for _ in range(random.randint(1, 3))]  # fmt: skip
        return " ".join(words).capitalize()
    pools = (
        terms.COMMON_CHARACTERS,
        "资产负债收入支出费用利润现金流量其他应付应收长期短期投资合计净额",
    )
    pool = random.choice(pools)
    return "".join(random.choice(pool) for _ in range(random.randint(2, 9)))
