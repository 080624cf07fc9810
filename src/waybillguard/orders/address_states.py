"""What an address may still mean: sets of divisions as numbers, and what a further name makes of them.

A state is worked out once and remembered, so a row costs a few look-ups. State 0 is 'anything'.
"""

from waybillguard.orders.divisions import DivisionTree


class States:
    """The states that have come up so far, for one tree of divisions."""

    def __init__(self, tree: DivisionTree) -> None:
        self.tree = tree
        self.states: list[tuple[int, ...]] = [()]
        self.numbers: dict[tuple[int, ...], int] = {(): 0}
        self.next: dict[tuple[int, int], int] = {}
        self.names: dict[int, tuple[str, str, str]] = {}
        self.decided: dict[int, bool] = {}

    def number(self, nodes: set[int]) -> int:
        """The number of a set of divisions."""
        key = tuple(sorted(nodes))
        found = self.numbers.get(key)
        if found is None:
            found = self.numbers[key] = len(self.states)
            self.states.append(key)
        return found

    def step(self, state: int, pattern: int) -> int:
        """What a further name makes of a state; -1 where the two exclude each other."""
        tree, nodes = self.tree, set()
        word = tree.patterns[pattern]
        living = state == 0 and any(tree.name[c.node] == word for c in tree.candidates[pattern])
        for candidate in tree.candidates[pattern]:
            node = candidate.node
            if state == 0:
                # Where a living division has the name, nobody means a former one without saying more.
                if not candidate.strict and (not living or tree.name[node] == word):
                    nodes.add(node)
                continue
            for held in self.states[state]:
                if not candidate.strict and held in (node, tree.province_node[node], tree.city_node[node]):
                    nodes.add(node)
                elif node in (tree.province_node[held], tree.city_node[held]):
                    nodes.add(held)
                elif held in candidate.parents:
                    nodes.add(node)
        result = self.number(nodes) if nodes else -1
        self.next[state, pattern] = result
        return result

    def path(self, state: int) -> tuple[str, str, str]:
        """The levels on which all divisions of a state agree."""
        found = self.names.get(state)
        if found is None:
            paths = [self.tree.path[node] for node in self.states[state]]
            if paths:
                found = tuple(  # type: ignore[assignment]
                    level[0] if len(set(level)) == 1 else "" for level in zip(*paths, strict=True)
                )
            found = self.names[state] = found or ("", "", "")
        return found

    def is_final(self, state: int) -> bool:
        """Say whether every division of the state is a county (or a city without counties)."""
        found = self.decided.get(state)
        if found is None:
            tree = self.tree
            found = self.decided[state] = state > 0 and all(
                tree.kind[n] in "dz" or not tree.counties(n) for n in self.states[state]
            )
        return found
