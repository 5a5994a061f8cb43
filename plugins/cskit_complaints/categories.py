"""Category trees: what cases are about, as rule files of the kind `category-trees` say.

A category is stored as its code; one of another tree than the default has that tree's name before it,
`power/service.conduct.hall`. Must not import click or a store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from cskit import NotFound, _, rules
from cskit.nouns import listed, shortened
from cskit.plugins.isolation import nearest
from cskit_complaints import policy

if TYPE_CHECKING:
    from cskit import App

KIND = "category-trees"
Part = Literal["property", "service", "planning"]
PARTS: Mapping[str, rules.Label] = {
    "property": rules.Label("Property complaints", "物业投诉"),
    "service": rules.Label("Service complaints", "服务投诉"),
    "planning": rules.Label("Management and planning complaints", "管理规划投诉"),
}
"""The parts of the monthly sheet that a category can belong to (catalogue B4.2)."""
_SEPARATORS = str.maketrans({"/": ">", "＞": ">", "›": ">", "、": ">"})
_SHOWN = 8


class CategoryRule(msgspec.Struct, frozen=True):
    """A category in a file; without a `part` it belongs to that of the category above it."""

    en: str
    zh: str
    part: Part | None = None


class TreeFile(msgspec.Struct, frozen=True):
    """A rule file of the kind category-trees: `categories` is code → category, a dot for each level."""

    label: rules.Label
    categories: dict[str, CategoryRule]

    def __post_init__(self) -> None:
        for code, one in self.categories.items():
            above = code.rpartition(".")[0]
            if above and above not in self.categories:
                raise ValueError(
                    _("'{code}' stands below '{above}', which there is not").format(code=code, above=above)
                )
            if not above and one.part is None:
                raise ValueError(_("'{code}' does not say which part it belongs to").format(code=code))


class Category(NamedTuple):
    """A category as cases name it: its `code`, level (from 1), titles, and part of the monthly sheet."""

    code: str
    level: int
    label: rules.Label
    path: tuple[rules.Label, ...]
    part: Part

    def titled(self) -> str:
        """Return the titles from the top down: "Property > Repairs > Leaks"."""
        return " > ".join(map(str, self.path))


class Categories:
    """All trees of a department, and what may be meant by a code, a path or a title."""

    def __init__(self, trees: Mapping[str, TreeFile], default: str) -> None:
        self.trees, self.default = trees, default
        self.by_code: dict[str, Category] = {}
        self._named: dict[str, list[Category]] = {}
        self._found: dict[str, Category] = {}
        for tree in trees:
            for one in self.of(tree):
                self.by_code[one.code] = one
                for title in {one.label.en, one.label.zh}:
                    self._named.setdefault(title.casefold(), []).append(one)
                for language in ("en", "zh"):
                    path = ">".join(getattr(label, language) for label in one.path)
                    if len(one.path) > 1 and path not in (one.label.en, one.label.zh):
                        self._named.setdefault(path.casefold(), []).append(one)
        self._above = {code.rpartition(".")[0] for code in self.by_code}

    def of(self, tree: str) -> Iterator[Category]:
        """Yield the categories of one tree, each below the one it belongs to."""
        found = self.trees[tree].categories
        before = "" if tree == self.default else f"{tree}/"
        for code in found:
            words = code.split(".")
            above = [found[".".join(words[:end])] for end in range(1, len(words) + 1)]
            part = next(each.part for each in reversed(above) if each.part is not None)
            path = tuple(rules.Label(each.en, each.zh) for each in above)
            yield Category(before + code, len(words), path[-1], path, part)

    def find(self, name: str) -> Category:
        """Return the category that a code, a full path or a title in either language means.

        Raises `NotFound` for one that means none, or several: these are then listed.
        """
        if name not in self._found:  # an import names the same ones again and again
            self._found[name] = self._find(name.strip())
        return self._found[name]

    def _find(self, name: str) -> Category:
        code = name.removeprefix(f"{self.default}/")
        if code in self.by_code:
            return self.by_code[code]
        levels = [level.strip() for level in name.translate(_SEPARATORS).split(">")]
        found = self._named.get(">".join(levels).casefold()) or []
        leaves = [one for one in found if one.code not in self._above] or found
        own = [one for one in leaves if "/" not in one.code] or leaves
        if len(own) == 1:
            return own[0]
        if own:
            codes = [_("{code} ({titles})").format(code=one.code, titles=one.titled()) for one in own]
            said = _("'{name}' means {count} categories: {codes}")
            raise NotFound(said.format(name=name, count=len(own), codes=shortened(codes, _SHOWN)))
        raise NotFound(_("there is no category '{name}'").format(name=name), self._hint(name))

    def _hint(self, name: str) -> str:
        titles = [title for one in self.by_code.values() for title in (one.label.en, one.label.zh)]
        near = nearest(name, [*self.by_code, *titles])
        if near:
            return _("did you mean {name}?").format(name=near)
        return _("`cskit case categories` shows those there are; trees: {trees}").format(
            trees=listed(self.trees)
        )

    def titles(self) -> dict[str, str]:
        """Return what people see of each code: the title, or all from the top where several have this one."""
        times = Counter(str(one.label) for one in self.by_code.values())
        return {
            code: str(one.label) if times[str(one.label)] == 1 else one.titled()
            for code, one in self.by_code.items()
        }

    def label(self, code: str) -> str:
        """Return a category's title, or the code of one that no tree has any more."""
        found = self.by_code.get(code)
        return str(found.label) if found else code


def load(app: App) -> Categories:
    """Return the department's categories; raises as `rules.load` does."""
    trees = {name: rule.value for name, rule in rules.load(app, KIND).items()}
    return Categories(trees, policy.load(app).default_tree)
