"""Connected components of a graph, the same whatever the order of its edges."""

from collections.abc import Iterable


def connected_components(edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the nodes that hang together, each component sorted, in order of its least node.

    >>> connected_components([(5, 7), (1, 2), (2, 3)])
    [[1, 2, 3], [5, 7]]
    """
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    components: dict[int, list[int]] = {}
    for node in sorted(parent):
        components.setdefault(root(node), []).append(node)
    return [components[least] for least in sorted(components)]
