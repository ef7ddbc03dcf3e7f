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
    """Return company_id -> key of its group; ``companies`` are (id, name), the oldest report first.

    Ids that share a name at any time are one group, and so are those that ``same_company`` lists
    (a Chinese and an English name). Its key is its oldest name, so that a later report under
    another name does not change it.

    >>> groups_of([("600600", "青岛啤酒"), ("00168", "青島啤酒"), ("x", "X")], [])["00168"]
    '青岛啤酒'
    >>> groups_of([("600001", "旧名"), ("600001", "新名"), ("01001", "新名")], [])
    {'600001': '旧名', '01001': '旧名'}
    """
    links = [(company_id, normalized_name(name) or company_id) for company_id, name in companies]
    forest = _Forest()
    for company_id, name in links:
        forest.join(("name", name), ("id", company_id))
    known = {company_id for company_id, _ in links}
    for ids in same_company:
        listed = [i for i in ids if i in known] + [i for i in ids if i not in known]
        for other in listed[1:]:
            forest.join(("id", listed[0]), ("id", other))
    return {i: forest.oldest((kind, i))[1] for kind, i in forest.numbers if kind == "id"}


class _Forest:
    """Groups of ids and names; each has its oldest member as the root."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, str], int] = {}  # node -> its place among all, oldest first
        self._nodes: list[tuple[str, str]] = []
        self._parents: list[int] = []

    def join(self, one: tuple[str, str], other: tuple[str, str]) -> None:
        """Put two nodes into one group."""
        roots = [self._root(self._number(node)) for node in (one, other)]
        self._parents[max(roots)] = min(roots)

    def oldest(self, node: tuple[str, str]) -> tuple[str, str]:
        """Return the node of the group that came first."""
        return self._nodes[self._root(self.numbers[node])]

    def _number(self, node: tuple[str, str]) -> int:
        if node not in self.numbers:
            self.numbers[node] = len(self._nodes)
            self._parents.append(len(self._nodes))
            self._nodes.append(node)
        return self.numbers[node]

    def _root(self, number: int) -> int:
        while self._parents[number] != number:
            number = self._parents[number]
        return number


def group_key(company_id: str, groups: Mapping[str, str]) -> str:
    """Return the group of a company; one that no report names is a group of its own."""
    return groups.get(company_id, company_id)
