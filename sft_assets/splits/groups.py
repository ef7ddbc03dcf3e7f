"""Which company ids are one issuer: its A and H shares, and its reports in another language."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from sft_assets.concepts.labels import fold_script


def normalized_name(name: str) -> str:
    """Return a legal name in one width, one script and without punctuation.

    >>> normalized_name("青島啤酒股份有限公司") == normalized_name("青岛啤酒股份有限公司 ")
    True
    >>> normalized_name("Harbor Light, Inc.")
    'harborlightinc'
    """
    plain = fold_script(unicodedata.normalize("NFKC", name)).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def groups_of(
    companies: Iterable[tuple[str, str]], same_company: Sequence[Sequence[str]]
) -> dict[str, str]:
    """Return company_id -> key of its group.

    The key comes from the company's own name alone, so that a report that arrives later cannot
    change it. ``same_company`` lists ids that are one issuer under different names (a Chinese and
    an English one); the first of a list gives the key.

    >>> groups_of([("600600", "青岛啤酒"), ("00168", "青島啤酒"), ("x", "X")], [])["00168"]
    '青岛啤酒'
    """
    keys = {company_id: normalized_name(name) or company_id for company_id, name in companies}
    for ids in same_company:
        first = next((keys[i] for i in ids if i in keys), ids[0])
        keys |= dict.fromkeys(ids, first)
    return keys


def group_key(company_id: str, groups: Mapping[str, str]) -> str:
    """Return the group of a company; one that no report names is a group of its own."""
    return groups.get(company_id, company_id)
