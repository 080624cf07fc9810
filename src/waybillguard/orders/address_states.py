"""States of the address parser: numbered sets of divisions, and their transitions.

Transitions are computed once and cached, so a row costs a few look-ups. State 0 allows every division.
"""

from waybillguard.orders.divisions import DivisionTree


class States:
    """The states reached so far, for one tree of divisions."""

    def __init__(self, tree: DivisionTree) -> None:
        self.tree = tree
        self.states: list[tuple[int, ...]] = [()]
        self.numbers: dict[tuple[int, ...], int] = {(): 0}
        self.next: dict[tuple[int, int], int] = {}
        self.names: dict[int, tuple[str, str, str]] = {}
        self.decided: dict[int, bool] = {}

    def number(self, nodes: set[int]) -> int:
        """Return the state number of a set of divisions."""
        key = tuple(sorted(nodes))
        found = self.numbers.get(key)
        if found is None:
            found = self.numbers[key] = len(self.states)
            self.states.append(key)
        return found

    def step(self, state: int, pattern: int) -> int:
        """Return the state after a further name; -1 if the name contradicts the state."""
        tree, nodes = self.tree, set()
        word = tree.patterns[pattern]
        living = state == 0 and any(tree.name[c.node] == word for c in tree.candidates[pattern])
        for candidate in tree.candidates[pattern]:
            node = candidate.node
            if state == 0:
                # If a current division has this name, a former one is meant only with further evidence.
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
        """Return the levels on which all divisions of a state agree."""
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
        """Return whether every division of the state is a county (or a city without counties)."""
        found = self.decided.get(state)
        if found is None:
            tree = self.tree
            found = self.decided[state] = state > 0 and all(
                tree.kind[n] in "dz" or not tree.counties(n) for n in self.states[state]
            )
        return found
